/** Finding stock items by name, specification, code, pinyin initials or shelf label, also without a network. */

import { hear } from "./channel.js";
import { stockItems } from "./directory.js";
import { notice } from "./notices.js";
import { inThePage } from "./outbox/chosen.js";
import { setInHand } from "./outbox/ours.js";
import { clone, show } from "./page.js";
import { part } from "./parts.js";
import { binIn } from "./scanner/bins.js";
import { word } from "./words.js";

/** @typedef {import("./directory.js").StockItem} StockItem */
/** @typedef {{id: string, name: string, unit: string, spec?: string, pack?: string, packSize?: string}} Choice */
/** @typedef {(item: Choice | null) => void} Take */

const SHOWN = 20;

/** Known without asking the database, so that a choice is back as soon as its page is. @type {Map<string, Choice>} */
const chosenBefore = new Map();
/** @type {WeakMap<Element, Take>} */
const takers = new WeakMap();

/**
 * Let somebody search within `root`; what they choose is handed to `take`.
 * @param {HTMLElement} root
 * @param {string} selector finds the root again when its page was exchanged meanwhile
 * @param {Take} take
 * @returns {() => void} ends it
 */
export function startSearch(root, selector, take) {
  takers.set(root, take);
  const search = root.querySelector("[data-item-search]");
  search?.addEventListener("input", () => listItems(root));
  search?.addEventListener("keydown", (event) => takeFirst(root, /** @type {KeyboardEvent} */ (event)));
  root.addEventListener("click", (event) => pick(root, event));
  startScan(root, selector);
  listItems(root);
  return hear((news) => news.type === "directory" && listItems(root));
}

/** @param {HTMLElement} root */
export function searchField(root) {
  return /** @type {HTMLInputElement} */ (root.querySelector("[data-item-search]"));
}

/** Choose an item that was found in another way. @param {HTMLElement} root @param {Choice} item */
export function takeItem(root, item) {
  takers.get(root)?.(item);
}

/** @param {string} id @returns {Promise<Choice | null>} */
export async function itemById(id) {
  return chosenBefore.get(id) ?? (await stockItems()).find((item) => item.id === id) ?? null;
}

/** @param {Choice} item */
export function rememberItem(item) {
  chosenBefore.set(item.id, item);
}

/** @param {Choice} item */
export function itemWords({ name, spec }) {
  return [name, spec].filter(Boolean).join(" ");
}

/** The label on the shelf says the item's code; the reader is loaded when it is wanted. @param {HTMLElement} root @param {string} selector */
function startScan(root, selector) {
  const input = /** @type {HTMLInputElement | null} */ (root.querySelector("[data-item-scan]"));
  if (!input || !isSecureContext) return;
  input.closest("label")?.removeAttribute("hidden");
  const form = /** @type {HTMLFormElement} */ (input.form);
  input.addEventListener("click", () => setInHand(form, "camera", true));
  input.addEventListener("cancel", () => setInHand(form, "camera", false));
  input.addEventListener("change", async () => {
    setInHand(form, "camera", false);
    const [file] = input.files ?? [];
    input.value = "";
    if (file) await takeByLabel(form, selector, await whileHeld(form, codeOn(file)));
  });
}

/** @param {HTMLFormElement} form @param {string} selector @param {string} code what its label says, "" when nothing could be read */
async function takeByLabel(form, selector, code) {
  const item = code && (await stockItems()).find((one) => one.code === code);
  const root = /** @type {HTMLElement | null} */ (inThePage(form).querySelector(selector));
  if (!root) return;
  if (item) return takers.get(root)?.(item);
  if (binIn(code)) return root.dispatchEvent(new CustomEvent("label-read", { bubbles: true, detail: code }));
  searchField(root).value = code;
  notice("warn", word(code ? "label_unknown" : "label_unreadable"));
  if (code) listItems(root);
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
    const { codesOn } = await part("picture-reader.js");
    const [text = ""] = await codesOn(file);
    return text.trim();
  } catch {
    return "";
  }
}

/** Show what is found for the words typed; what is in one's own bag while nothing is typed. @param {HTMLElement} root */
export async function listItems(root) {
  const items = await stockItems();
  const query = searchField(root).value;
  const found = query.trim() ? rank(items, query) : items.filter((item) => item.bag !== null);
  root.querySelector("[data-item-results]")?.replaceChildren(...found.slice(0, SHOWN).flatMap(rowOf));
  root.querySelectorAll("[data-item-none]").forEach((element) => show(element, Boolean(query.trim()) && !found.length));
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
function rowOf({ id, name, spec, code, unit, bag }) {
  const inBag = bag === null ? "" : word("in_bag", { quantity: bag, unit });
  const row = clone("item-result-template", { name, spec, code, unit, bag: inBag });
  const button = /** @type {HTMLElement | null | undefined} */ (row?.querySelector("[data-item]"));
  if (!row || !button) return [];
  button.dataset.item = id;
  return [row];
}

/** @param {HTMLElement} root @param {KeyboardEvent} event */
function takeFirst(root, event) {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  /** @type {HTMLElement | null} */ (root.querySelector("[data-item]"))?.click();
}

/** @param {HTMLElement} root @param {Event} event */
async function pick(root, event) {
  const button = /** @type {HTMLElement | null} */ (
    /** @type {Element} */ (event.target).closest("button[data-item], [data-pick-item]")
  );
  if (!button) return;
  const { item, pickItem, name = "", unit = "" } = button.dataset;
  takers.get(root)?.(pickItem ? { id: pickItem, name, unit } : await itemById(item ?? ""));
}
