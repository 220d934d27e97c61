/** Finding a stock item by name, specification, code or pinyin initials, also without a network. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { stockItems } from "../directory.js";
import { notice } from "../notices.js";
import { inThePage } from "../outbox/chosen.js";
import { setInHand } from "../outbox/ours.js";
import { clone, setSlots, show } from "../page.js";
import { word } from "../words.js";

/** @typedef {import("../directory.js").StockItem} StockItem */

const SHOWN = 20;

behaviour("[data-item-picker]", (/** @type {HTMLElement} */ picker) => {
  const search = picker.querySelector("[data-item-search]");
  search?.addEventListener("input", () => list(picker));
  search?.addEventListener("input", () => check(picker));
  search?.addEventListener("keydown", (event) => takeFirst(picker, /** @type {KeyboardEvent} */ (event)));
  picker.addEventListener("click", (event) => pick(picker, event));
  startScan(picker);
  const form = picker.closest("form");
  form?.addEventListener("form-filled", () => restore(picker));
  form?.addEventListener("reset", () => choose(picker, null));
  choose(picker, null);
  list(picker);
  return hear((news) => news.type === "directory" && list(picker));
});

/** @param {HTMLElement} picker */
function field(picker) {
  return /** @type {HTMLInputElement} */ (picker.querySelector("input[type=hidden]"));
}

/** The label on the shelf says the item's code; the reader is loaded when it is wanted. @param {HTMLElement} picker */
function startScan(picker) {
  const input = /** @type {HTMLInputElement | null} */ (picker.querySelector("[data-item-scan]"));
  if (!input || !isSecureContext) return;
  input.closest("label")?.removeAttribute("hidden");
  const form = /** @type {HTMLFormElement} */ (input.form);
  input.addEventListener("click", () => setInHand(form, "camera", true));
  input.addEventListener("cancel", () => setInHand(form, "camera", false));
  input.addEventListener("change", async () => {
    setInHand(form, "camera", false);
    const [file] = input.files ?? [];
    input.value = "";
    if (file) await takeByLabel(form, await whileHeld(form, codeOn(file)));
  });
}

/** @param {HTMLFormElement} form @param {string} code what its label says, "" when nothing could be read */
async function takeByLabel(form, code) {
  const item = code && (await stockItems()).find((one) => one.code === code);
  const picker = /** @type {HTMLElement | null} */ (inThePage(form).querySelector("[data-item-picker]"));
  if (!picker) return;
  if (item) return take(picker, item);
  searchField(picker).value = code;
  notice("warn", word(code ? "label_unknown" : "label_unreadable"));
  if (code) list(picker);
}

/**
 * The page stays while the picture is read.
 * @template T
 * @param {HTMLFormElement} form
 * @param {Promise<T>} work
 */
async function whileHeld(form, work) {
  setInHand(form, "pictures", true);
  return work.finally(() => setInHand(form, "pictures", false));
}

/** @param {File} file @returns {Promise<string>} the text nearest to the middle, "" when there is none */
async function codeOn(file) {
  try {
    const [{ Reader }, { textsIn }] = await Promise.all([import("../scanner/reader.js"), import("../scanner/pictures.js")]);
    const reader = new Reader();
    await reader.ready;
    const [text = ""] = await textsIn(file, reader).finally(() => reader.close());
    return text.trim();
  } catch {
    return "";
  }
}

/** @param {HTMLElement} picker */
function searchField(picker) {
  return /** @type {HTMLInputElement} */ (picker.querySelector("[data-item-search]"));
}

/** @param {HTMLElement} picker */
async function list(picker) {
  const items = await stockItems();
  const query = searchField(picker).value;
  const found = query.trim() ? rank(items, query) : items.filter((item) => item.bag !== null);
  picker.querySelector("[data-item-results]")?.replaceChildren(...found.slice(0, SHOWN).flatMap(rowOf));
  picker
    .querySelectorAll("[data-item-none]")
    .forEach((element) => show(element, Boolean(query.trim()) && !found.length));
}

/**
 * Items in which every word is found; beginnings of name, pinyin or code come first.
 * @param {StockItem[]} items
 * @param {string} query
 */
export function rank(items, query) {
  const terms = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = items.map((item) => ({ item, score: score(item, terms) })).filter(({ score: points }) => points > 0);
  return scored.sort((a, b) => b.score - a.score).map(({ item }) => item);
}

/** @param {StockItem} item @param {string[]} terms */
function score({ name, spec, code, pinyin, bag }, terms) {
  const texts = [name, pinyin, code, spec].map((text) => text.toLowerCase());
  if (!terms.every((term) => texts.some((text) => text.includes(term)))) return 0;
  return 1 + (bag === null ? 0 : 1) + (texts.slice(0, 3).some((text) => text.startsWith(terms[0])) ? 2 : 0);
}

/** @param {StockItem} item @returns {HTMLElement[]} */
function rowOf(item) {
  const bag = item.bag === null ? "" : word("in_bag", { quantity: item.bag, unit: item.unit });
  const row = clone("item-result-template", {
    name: item.name,
    spec: item.spec,
    code: item.code,
    unit: item.unit,
    bag,
  });
  const button = /** @type {HTMLElement | null | undefined} */ (row?.querySelector("[data-item]"));
  if (!row || !button) return [];
  button.dataset.item = item.id;
  return [row];
}

/** @param {HTMLElement} picker @param {KeyboardEvent} event */
function takeFirst(picker, event) {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLElement | null} */ (picker.querySelector("[data-item]"))?.click();
}

/** @param {HTMLElement} picker @param {Event} event */
async function pick(picker, event) {
  const button = /** @type {HTMLElement | null} */ (
    /** @type {Element} */ (event.target).closest("[data-item], [data-pick-item]")
  );
  if (!button) return;
  const { item, pickItem, name = "", unit = "" } = button.dataset;
  take(picker, pickItem ? { id: pickItem, name, unit } : await itemById(item ?? ""));
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

/** @param {string} id */
async function itemById(id) {
  return chosenBefore.get(id) ?? (await stockItems()).find((item) => item.id === id) ?? null;
}

/** @typedef {{id: string, name: string, unit: string, spec?: string}} Choice */
/** Known without asking the database, so that a choice is back as soon as its page is. @type {Map<string, Choice>} */
const chosenBefore = new Map();

/** @param {HTMLElement} picker @param {Choice | null} item */
function choose(picker, item) {
  field(picker).value = item?.id ?? "";
  picker.dataset.chosen = item?.id ?? "";
  setSlots(picker, { chosen: item && [item.name, item.spec].filter(Boolean).join(" ") });
  setUnit(picker, item?.unit ?? "");
  nameIn(picker.closest("form"), item);
  check(picker);
  picker.querySelectorAll("[data-pick-item]").forEach((button) => mark(button, item));
  if (!item) return;
  chosenBefore.set(item.id, item);
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
  if (form) Object.assign(form.dataset, { item: item ? [item.name, item.spec].filter(Boolean).join(" ") : "", unit: item?.unit ?? "" });
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
