/** A field with a list below it: typing narrows the list, arrows choose in it, Enter takes what is chosen. */

import { show } from "../page.js";

/**
 * @typedef {{input: HTMLInputElement, list: HTMLElement,
 *   narrow: (typed: string) => Promise<void> | void, take: (option: HTMLElement) => void}} Combo
 */

/** @param {Combo} combo */
export function startCombo(combo) {
  const { input, list } = combo;
  input.addEventListener("input", () => narrow(combo));
  input.addEventListener("focus", () => input.value && !input.dataset.taken && narrow(combo));
  input.addEventListener("blur", () => setTimeout(() => open(combo, false), 150));
  input.addEventListener("keydown", (event) => press(combo, event));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=option]"));
    event.preventDefault();
    if (option) take(combo, option);
  });
}

/** @param {Combo} combo */
async function narrow(combo) {
  delete combo.input.dataset.taken;
  await combo.narrow(combo.input.value.trim());
  const [first] = options(combo);
  open(combo, Boolean(first) && document.activeElement === combo.input);
  mark(combo, first ?? null);
}

/** @param {Combo} combo @returns {HTMLElement[]} those that are shown */
function options({ list }) {
  return /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]:not([hidden])")]);
}

/** @param {Combo} combo @param {boolean} isOpen */
function open({ input, list }, isOpen) {
  show(list, isOpen);
  input.setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) input.removeAttribute("aria-activedescendant");
}

/** @param {Combo} combo @param {HTMLElement | null} option */
function mark({ input, list }, option) {
  list.querySelectorAll("[aria-selected=true]").forEach((one) => one.setAttribute("aria-selected", "false"));
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
}

/** @param {Combo} combo @param {KeyboardEvent} event */
function press(combo, event) {
  if (event.isComposing) return;
  const isOpen = !combo.list.hidden;
  if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    open(combo, false);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(combo, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && !combo.input.dataset.taken) {
    event.preventDefault();
    takeMarked(combo);
  } else if (event.key === "Tab" && isOpen && combo.input.value && !event.shiftKey) {
    takeMarked(combo);
  }
}

/** Enter may be faster than the answer: what is found for it is taken then. @param {Combo} combo */
async function takeMarked(combo) {
  if (!combo.list.querySelector("[aria-selected=true]:not([hidden])")) await narrow(combo);
  const marked = /** @type {HTMLElement | null} */ (combo.list.querySelector("[aria-selected=true]:not([hidden])"));
  if (marked) take(combo, marked);
}

/** @param {Combo} combo @param {number} by */
function step(combo, by) {
  const all = options(combo);
  if (!all.length) return;
  open(combo, true);
  const now = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  mark(combo, all[(now + by + all.length) % all.length]);
}

/** @param {Combo} combo @param {HTMLElement} option */
function take(combo, option) {
  combo.input.value = option.dataset.name ?? "";
  combo.input.dataset.taken = "1";
  open(combo, false);
  combo.take(option);
}
