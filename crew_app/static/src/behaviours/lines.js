/** A list of items with quantities in a form: search, add, change, remove; drafts bring all of it back. */

import { behaviour } from "../behaviour.js";
import { itemById, itemWords, listItems, rememberItem, searchField, startSearch } from "../item-search.js";
import { setSlots, show } from "../page.js";
import { word } from "../words.js";

/** @typedef {import("../item-search.js").Choice} Choice */

behaviour("[data-lines]", (/** @type {HTMLElement} */ root) => {
  const form = /** @type {HTMLFormElement} */ (root.closest("form"));
  const given = rows(root);
  form.addEventListener("form-filling", (/** @type {any} */ { detail }) => makeRoom(root, detail.fields));
  form.addEventListener("form-filled", () => draw(root));
  form.addEventListener("reset", () => {
    list(root).replaceChildren(...given);
    changed(root, false);
  });
  root.addEventListener("click", (event) => remove(root, event));
  draw(root);
  return startSearch(root, "[data-lines]", (item) => item && take(root, item));
});

/** @param {HTMLElement} root */
function list(root) {
  return /** @type {HTMLElement} */ (root.querySelector("[data-lines-list]"));
}

/** @param {HTMLElement} root @returns {HTMLElement[]} */
function rows(root) {
  return [...list(root).querySelectorAll("[data-line]")].map((row) => /** @type {HTMLElement} */ (row));
}

/** @param {HTMLElement} row */
function itemOf(row) {
  return field(row, "item").value;
}

/** @param {HTMLElement} row */
function quantity(row) {
  return field(row, "quantity");
}

/** @param {HTMLElement} row @param {string} name */
function field(row, name) {
  return /** @type {HTMLInputElement} */ (row.querySelector(`[name="line_${name}"]`));
}

/** An item chosen twice is one more of it. @param {HTMLElement} root @param {Choice} item */
function take(root, item) {
  rememberItem(item);
  const known = rows(root).find((row) => itemOf(row) === item.id);
  const row = known ?? add(root, item.id);
  if (known) quantity(known).value = String(Math.round((Number(quantity(known).value) + 1) * 1000) / 1000);
  describe(row, item);
  searchField(root).value = "";
  listItems(root);
  changed(root);
  row.scrollIntoView({ block: "center" });
  quantity(row).dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {HTMLElement} root @param {string} id */
function add(root, id) {
  const template = /** @type {HTMLTemplateElement} */ (root.querySelector("template[data-line-template]"));
  const row = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  field(row, "item").value = id;
  list(root).append(row);
  return row;
}

/** @param {HTMLElement} root @param {Event} event */
function remove(root, event) {
  const button = /** @type {Element} */ (event.target).closest("[data-remove-line]");
  if (!button) return;
  button.closest("[data-line]")?.remove();
  changed(root);
  root.dispatchEvent(new Event("change", { bubbles: true }));
}

/** As many rows as the fields name items, each with its own. @param {HTMLElement} root @param {[string, string][]} fields */
function makeRoom(root, fields) {
  const wanted = fields.flatMap(([name, value]) => (name === "line_item" ? [value] : []));
  const kept = new Map(rows(root).map((row) => [itemOf(row), row]));
  list(root).replaceChildren();
  for (const id of wanted) {
    const row = kept.get(id);
    if (row) list(root).append(row);
    else add(root, id);
    kept.delete(id);
  }
  root.toggleAttribute("data-changed", true);
}

/** @param {HTMLElement} root */
async function draw(root) {
  for (const row of rows(root)) openFold(row);
  changed(root, root.hasAttribute("data-changed"));
  await Promise.all(rows(root).map(name));
  nameIn(root);
}

/** What the phone does not know keeps the words it came with. @param {HTMLElement} row */
async function name(row) {
  const item = await itemById(itemOf(row));
  if (item) describe(row, item);
}

/** @param {HTMLElement} row @param {Choice} item */
function describe(row, item) {
  setSlots(row, { name: item.name, spec: item.spec });
  row.querySelectorAll("[data-slot=unit]").forEach((place) => (place.textContent = item.unit));
  const select = /** @type {HTMLSelectElement | null} */ (row.querySelector('select[name="line_unit"]'));
  if (!select || !item.pack) return;
  select.options[0].textContent = item.unit;
  select.options[1].textContent = `${item.pack} (${item.packSize} ${item.unit})`;
  show(select, true);
  row.querySelectorAll("[data-plain-unit]").forEach((place) => show(place, false));
}

/** What is wrong with a delivery is in sight once it was written down. @param {HTMLElement} row */
function openFold(row) {
  const fold = row.querySelector("details");
  const typed = [...(fold?.querySelectorAll("input") ?? [])].some(({ value }) => value !== "");
  if (fold && typed) fold.open = true;
}

/** @param {HTMLElement} root @param {boolean} [is] whether the list is another than the one that came with the page */
function changed(root, is = true) {
  root.toggleAttribute("data-changed", is);
  const filled = rows(root).length > 0;
  root.querySelectorAll("[data-lines-none]").forEach((element) => show(element, !filled));
  searchField(root).setCustomValidity(filled ? "" : word("choose_item"));
  nameIn(root);
}

/** For the words that stand in the outbox: the first item, and how many there are. @param {HTMLElement} root */
async function nameIn(root) {
  const form = root.closest("form");
  const [first] = rows(root);
  const item = first && (await itemById(itemOf(first)));
  if (form) Object.assign(form.dataset, { item: item ? itemWords(item) : "", lines: String(rows(root).length) });
}
