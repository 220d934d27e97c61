/** Cards and the document they stand for: `data-path` says which field a control holds, `data-list` which list a box. */

/** @typedef {Record<string, any>} Doc */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

/** What a card was made from: fields the editor does not show stay as they were. @type {WeakMap<Element, Doc>} */
const given = new WeakMap();

/** @param {Element} card @returns {Control[]} its own controls, not those of cards within */
export function controlsOf(card) {
  return within(card, "[data-path]");
}

/** @param {Element} card @returns {HTMLElement[]} */
export function listsOf(card) {
  return within(card, "[data-list]");
}

/** @param {Element} card @param {string} selector @returns {any[]} */
function within(card, selector) {
  return [...card.querySelectorAll(selector)].filter((element) => element.closest("[data-card]") === card);
}

/** @param {Element} card @param {string} path @returns {Control | undefined} */
export function controlAt(card, path) {
  return controlsOf(card).find((control) => control.dataset.path === path && isMeant(control));
}

/** @param {HTMLFormElement} form @param {string} list @param {Doc} doc @returns {HTMLElement} a new card */
export function cardFrom(form, list, doc) {
  const template = /** @type {HTMLTemplateElement} */ (form.querySelector(`template[data-editor-${list}]`));
  const card = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  fillCard(form, card, doc);
  return card;
}

/** @param {HTMLFormElement} form @param {Element} card @param {Doc} doc */
export function fillCard(form, card, doc) {
  given.set(card, doc);
  for (const control of controlsOf(card)) setControl(control, at(doc, control.dataset.path ?? ""));
  for (const list of listsOf(card)) {
    const name = list.dataset.list ?? "";
    list.replaceChildren(...(doc[name] ?? []).map((/** @type {Doc} */ one) => cardFrom(form, name, one)));
  }
}

/** @param {Element} card @returns {Doc} what the card says now */
export function docOf(card) {
  const doc = structuredClone(given.get(card) ?? {});
  const controls = controlsOf(card);
  for (const { dataset } of controls) put(doc, dataset.path ?? "", undefined);
  for (const control of controls.filter(isMeant)) take(doc, control);
  for (const list of listsOf(card)) doc[list.dataset.list ?? ""] = [...list.children].map(docOf);
  if (doc.kind && doc.kind !== "choice") delete doc.options;
  if (doc.when && !(doc.when.check && doc.when.in)) delete doc.when;
  return doc;
}

/** Fields of other kinds of checks are out of sight and do not count. @param {Control} control */
function isMeant(control) {
  return !control.closest("[data-for][hidden]");
}

/** @param {Doc} doc @param {Control} control */
function take(doc, control) {
  const path = control.dataset.path ?? "";
  const value = valueOf(control);
  if (control.dataset.as === "member") {
    if (value) put(doc, path, [...(at(doc, path) ?? []), control.value]);
  } else if (value !== "" || path === "key") put(doc, path, value);
}

/** @param {Control} control @returns {string | number | boolean} */
function valueOf(control) {
  const typed = control.value.trim();
  if (control instanceof HTMLInputElement && control.type === "checkbox") return control.checked;
  if (control.dataset.path === "parties") return Number(typed);
  return control.dataset.as === "whole" && /^\d{1,9}$/.test(typed) ? Number(typed) : typed;
}

/** @param {Control} control @param {any} value */
function setControl(control, value) {
  if (control instanceof HTMLInputElement && control.type === "checkbox") {
    const wanted = control.dataset.as === "member" ? (value ?? []).includes(control.value) : value;
    control.checked = Boolean(wanted ?? (control.dataset.path === "required"));
  } else if (control instanceof HTMLSelectElement) choose(control, String(value ?? ""));
  else control.value = String(value ?? "");
}

/** What is not said is the first choice; what is not offered (yet) is kept. @param {HTMLSelectElement} select @param {string} value */
export function choose(select, value) {
  if (value && ![...select.options].some((option) => option.value === value)) select.add(new Option(value, value));
  if (value) select.value = value;
}

/** @param {Doc} doc @param {string} path @returns {any} words may be one text for both languages */
function at(doc, path) {
  return path.split(".").reduce((/** @type {any} */ found, name) => {
    if (typeof found === "string") return name === "zh" ? found : undefined;
    return found?.[name];
  }, doc);
}

/** @param {Doc} doc @param {string} path @param {any} value */
function put(doc, path, value) {
  const [name, ...rest] = path.split(".");
  if (!rest.length) {
    if (value === undefined) delete doc[name];
    else doc[name] = value;
    return;
  }
  if (value !== undefined && typeof doc[name] !== "object") doc[name] = {};
  if (typeof doc[name] === "string") delete doc[name];
  if (doc[name]) put(doc[name], rest.join("."), value);
  if (value === undefined && doc[name] && !Object.keys(doc[name]).length) delete doc[name];
}

/** @param {Doc[]} cards @param {string} letter @returns {string} a key that none of them has: s3, c1, o2 */
export function freshKey(cards, letter) {
  const taken = new Set(cards.map(({ key }) => key));
  let number = cards.length + 1;
  while (taken.has(letter + number)) number += 1;
  return letter + number;
}
