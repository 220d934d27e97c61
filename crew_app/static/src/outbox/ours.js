/** Which forms go through the outbox, and which somebody is busy with just now. */

import { pagePerson } from "../page.js";

/** @typedef {"saving" | "camera" | "pictures"} Reason */

const STILL = 3_000;
const PRESS = 700;
const TYPED = "input:not([type=radio], [type=checkbox], [type=file])";

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

let touched = { at: 0, target: /** @type {Element | null} */ (null) };
for (const name of ["pointerdown", "keydown", "input"]) {
  document.addEventListener(name, ({ target }) => {
    touched = { at: Date.now(), target: target instanceof Element ? target : null };
  });
}

/** The form somebody is at: touched a moment ago, or with the cursor in it, even if nothing is typed yet. */
function formAtHand() {
  const form = Date.now() - touched.at < STILL ? formOf(touched.target) : null;
  return form ?? formWithCursor();
}

/** Also when the last touch was on something else, a fold say, from where a key or a script led into the field. */
function formWithCursor() {
  const field = document.activeElement;
  const isBegun = field?.closest("[data-dirty]") || /** @type {HTMLInputElement | null} */ (field)?.value;
  const isCursor = field?.matches(`form[data-outbox] :is(textarea, ${TYPED})`);
  return isBegun || isCursor ? formOf(field) : null;
}

/** @param {Element | null} element @returns {HTMLFormElement | null} also of a button that stands outside its form */
function formOf(element) {
  return element?.closest("button")?.form ?? element?.closest("form") ?? null;
}

/** A press on something else (a fold, a link) that is not over yet must not lose what it is on. */
function isPressed() {
  const { at, target } = touched;
  return Date.now() - at < PRESS && !formOf(target) && Boolean(target?.isConnected && target.closest("#main"));
}

/**
 * Whether the page must stay as it is: something is being saved, photographed, typed or asked.
 * @param {HTMLFormElement} [except] the form that is done
 */
export function isPageInHand(except) {
  const atHand = formAtHand();
  const forms = [...inHand.keys(), ...(atHand ? [atHand] : [])];
  const isHeld = forms.some((form) => form !== except && form.isConnected);
  return isHeld || isPressed() || document.querySelector("dialog[open]") !== null;
}
