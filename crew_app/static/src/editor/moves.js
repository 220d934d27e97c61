/** Adding, removing, doubling and moving cards, by buttons or with Alt and the arrow keys. */

import { ask } from "../dialogs.js";
import { word } from "../words.js";
import { cardFrom, controlsOf, docOf, freshKey } from "./cards.js";
import { rememberConditions } from "./draw.js";

const LETTERS = /** @type {Record<string, string>} */ ({ stops: "s", checks: "c", options: "o" });
const FRESH = /** @type {Record<string, object>} */ ({
  stops: { checks: [] },
  checks: { kind: "grade", required: true },
  options: {},
});

/** @param {HTMLFormElement} form @param {() => void} changed */
export function startMoves(form, changed) {
  form.addEventListener("click", async (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"));
    if (button && (await act(form, button))) changed();
  });
  form.addEventListener("keydown", (event) => {
    const way = event.altKey && { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const card = /** @type {Element} */ (event.target).closest("details[data-card]");
    if (!way || !card) return;
    event.preventDefault();
    const held = /** @type {HTMLElement} */ (event.target);
    if (!move(card, way)) return;
    held.focus();
    changed();
  });
}

/** @param {HTMLFormElement} form @param {HTMLElement} button @returns {Promise<boolean>} whether anything changed */
async function act(form, button) {
  const card = button.closest("[data-card]");
  const { add: list, move: way } = button.dataset;
  if (list) return add(form, button, list);
  if (!card) return false;
  if (way) return move(card, way) && keepInSight(button);
  if ("double" in button.dataset) return double(form, card);
  if ("drop" in button.dataset) return drop(card);
  return false;
}

/** @param {HTMLFormElement} form @param {HTMLElement} button @param {string} list */
function add(form, button, list) {
  const box = /** @type {HTMLElement} */ (button.parentElement?.querySelector(`:scope > [data-list="${list}"]`));
  place(cardFrom(form, list, { ...FRESH[list], key: keyFor(box) }), (card) => box.append(card));
  return true;
}

/** @param {HTMLFormElement} form @param {Element} card */
function double(form, card) {
  const box = /** @type {HTMLElement} */ (card.parentElement);
  const doc = { ...docOf(card), key: keyFor(box) };
  const copy = cardFrom(form, box.dataset.list ?? "", doc);
  rememberConditions(copy, doc);
  place(copy, () => card.after(copy));
  return true;
}

/** @param {HTMLElement} box */
function keyFor(box) {
  return freshKey([...box.children].map(docOf), LETTERS[box.dataset.list ?? ""]);
}

/** @param {HTMLElement} card @param {(card: HTMLElement) => void} put */
function place(card, put) {
  put(card);
  if (card instanceof HTMLDetailsElement) card.open = true;
  const [first] = controlsOf(card);
  const field = card.dataset.card === "check" ? card.querySelector('[data-path="label.zh"]') : first;
  /** @type {HTMLElement | null} */ (field)?.focus();
}

/** @param {Element} card */
async function drop(card) {
  const { title, label, checks } = docOf(card);
  const name = (title ?? label)?.zh || (title ?? label)?.en || "";
  if (checks?.length && !(await isSure(name))) return false;
  const next = card.nextElementSibling ?? card.previousElementSibling;
  card.remove();
  /** @type {HTMLElement | null | undefined} */ (next?.querySelector("summary"))?.focus();
  return true;
}

/** @param {string} name */
async function isSure(name) {
  return (await ask("confirm-template", { text: word("round_drop", { name }), ok: word("round_remove") })) === "ok";
}

/** @param {Element} card @param {string} way @returns {boolean} */
function move(card, way) {
  const other = way === "up" ? card.previousElementSibling : card.nextElementSibling;
  if (!other) return false;
  if (way === "up") other.before(card);
  else other.after(card);
  return true;
}

/** @param {HTMLElement} button */
function keepInSight(button) {
  button.focus();
  button.scrollIntoView({ block: "center" });
  return true;
}
