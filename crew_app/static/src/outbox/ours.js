/** Which forms go through the outbox, and which somebody is busy with just now. */

import { pagePerson } from "../page.js";

/** @typedef {"saving" | "camera" | "pictures"} Reason */

const STILL = 3_000;

/** @type {Map<HTMLFormElement, Set<Reason>>} */
const inHand = new Map();

/** @param {EventTarget | null} form @returns {form is HTMLFormElement} others post by themselves */
export function isOurs(form) {
  return form instanceof HTMLFormElement && "outbox" in form.dataset && !("native" in form.dataset) && isPossible();
}

/** Without a secure context there is no lock, no hash and no service worker. */
function isPossible() {
  return isSecureContext && "locks" in navigator && "indexedDB" in globalThis && pagePerson() !== "";
}

/** @param {HTMLFormElement} form */
export function isBusy(form) {
  return inHand.get(form)?.has("saving") ?? false;
}

/** @param {HTMLFormElement} form @param {Reason} reason @param {boolean} is */
export function setInHand(form, reason, is) {
  const reasons = inHand.get(form) ?? new Set();
  if (is) reasons.add(reason);
  else reasons.delete(reason);
  if (reasons.size) inHand.set(form, reasons);
  else inHand.delete(form);
}

let touched = { at: 0, form: /** @type {HTMLFormElement | null} */ (null) };
for (const name of ["pointerdown", "keydown", "input"]) {
  document.addEventListener(name, ({ target }) => {
    touched = { at: Date.now(), form: /** @type {Element} */ (target).closest?.("form") ?? null };
  });
}

/** The form somebody is at: touched a moment ago, or with the cursor in something begun. */
function formAtHand() {
  if (Date.now() - touched.at < STILL) return touched.form;
  const field = document.activeElement;
  const begun = field?.closest("[data-dirty]") || /** @type {HTMLInputElement | null} */ (field)?.value;
  return (begun && field?.closest("form")) || null;
}

/**
 * Whether the page must stay as it is: something is being saved, photographed, typed or asked.
 * @param {HTMLFormElement} [except] the form that is done
 */
export function isPageInHand(except) {
  const atHand = formAtHand();
  const forms = [...inHand.keys(), ...(atHand ? [atHand] : [])];
  return forms.some((form) => form !== except && form.isConnected) || document.querySelector("dialog[open]") !== null;
}
