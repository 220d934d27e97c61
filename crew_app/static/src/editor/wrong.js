/** Where the server found something wrong: the card is opened and marked. */

import { controlsOf, listsOf } from "./cards.js";

const WAY = /\(((?:\w+(?:\[\d+\])?\.)*\w+(?:\[\d+\])?)\)/;

/** @param {HTMLFormElement} form @param {Element} root the card of the whole template */
export function startWrong(form, root) {
  const place = form.querySelector("[data-form-error]");
  if (!place) return;
  new MutationObserver(() => mark(form, root, place.textContent ?? "")).observe(place, { childList: true });
  form.addEventListener("input", () => clear(form));
}

/** @param {HTMLFormElement} form @param {Element} root @param {string} text with the way in brackets */
function mark(form, root, text) {
  clear(form);
  const [, way] = WAY.exec(text) ?? [];
  if (!way) return;
  const { card, rest } = follow(root, way);
  const control = controlsOf(card).find(({ dataset: { path = "" } }) => rest && (path === rest || path.startsWith(`${rest}.`)));
  card.setAttribute("data-bad", "");
  for (let around = control ?? card; around && around !== form; around = /** @type {HTMLElement} */ (around.parentElement)) {
    if (around instanceof HTMLDetailsElement) around.open = true;
  }
  control?.setAttribute("aria-invalid", "true");
  setTimeout(() => (control ?? /** @type {HTMLElement} */ (card)).scrollIntoView({ block: "center" }), 50);
  control?.focus({ preventScroll: true });
}

/** @param {Element} root @param {string} way @returns {{card: Element, rest: string}} */
function follow(root, way) {
  let card = root;
  const steps = way.split(".");
  while (steps.length) {
    const [, name, number] = /^(\w+)\[(\d+)\]$/.exec(steps[0]) ?? [];
    const next = listsOf(card).find(({ dataset }) => dataset.list === name)?.children[Number(number)];
    if (!next) break;
    card = next;
    steps.shift();
  }
  return { card, rest: steps.join(".") };
}

/** @param {HTMLFormElement} form */
function clear(form) {
  form.querySelectorAll("[data-bad]").forEach((card) => card.removeAttribute("data-bad"));
  form.querySelectorAll("[data-card] [aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
}
