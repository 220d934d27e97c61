/** Choosing one stock item in a form. */

import { behaviour } from "../behaviour.js";
import { itemById, itemWords, rememberItem, searchField, startSearch } from "../item-search.js";
import { setSlots } from "../page.js";
import { word } from "../words.js";

/** @typedef {import("../item-search.js").Choice} Choice */

behaviour("[data-item-picker]", (/** @type {HTMLElement} */ picker) => {
  searchField(picker).addEventListener("input", () => check(picker));
  const form = picker.closest("form");
  form?.addEventListener("form-filled", () => restore(picker));
  form?.addEventListener("reset", () => choose(picker, null));
  choose(picker, null);
  return startSearch(picker, "[data-item-picker]", (item) => take(picker, item));
});

/** @param {HTMLElement} picker */
function field(picker) {
  return /** @type {HTMLInputElement} */ (picker.querySelector("input[type=hidden]"));
}

/** @param {HTMLElement} picker @param {Choice | null} item */
function take(picker, item) {
  choose(picker, item);
  searchField(picker).value = "";
  picker.closest("form")?.querySelector("[data-stepper]")?.scrollIntoView({ block: "center" });
  field(picker).dispatchEvent(new Event("change", { bubbles: true }));
}

/** Show the item whose id the field holds. @param {HTMLElement} picker */
async function restore(picker) {
  const id = field(picker).value;
  const suggested = /** @type {HTMLElement | null} */ (
    id && picker.querySelector(`[data-pick-item="${CSS.escape(id)}"]`)
  );
  if (suggested) suggested.click();
  else choose(picker, await itemById(id));
}

/** @param {HTMLElement} picker @param {Choice | null} item */
function choose(picker, item) {
  field(picker).value = item?.id ?? "";
  picker.dataset.chosen = item?.id ?? "";
  setSlots(picker, { chosen: item && itemWords(item) });
  setUnit(picker, item?.unit ?? "");
  nameIn(picker.closest("form"), item);
  check(picker);
  picker.querySelectorAll("[data-pick-item]").forEach((button) => mark(button, item));
  if (!item) return;
  rememberItem(item);
  picker.dispatchEvent(new CustomEvent("item-chosen", { bubbles: true, detail: item }));
}

/** One that may stay empty must still not lose what was typed to find something. @param {HTMLElement} picker */
function check(picker) {
  const search = searchField(picker);
  const good = field(picker).value || ("optional" in picker.dataset && !search.value.trim());
  search.setCustomValidity(good ? "" : word("choose_item"));
}

/** For the words that stand in the outbox. @param {HTMLFormElement | null} form @param {Choice | null} item */
function nameIn(form, item) {
  if (form) Object.assign(form.dataset, { item: item ? itemWords(item) : "", unit: item?.unit ?? "" });
}

/** @param {Element} button @param {Choice | null} item */
function mark(button, item) {
  button.setAttribute("aria-pressed", String(button.getAttribute("data-pick-item") === item?.id));
}

/** @param {HTMLElement} picker @param {string} unit */
function setUnit(picker, unit) {
  for (const place of picker.closest("form")?.querySelectorAll("[data-slot=unit]") ?? []) {
    if (!place.closest("[data-item-results]")) place.textContent = unit;
  }
}
