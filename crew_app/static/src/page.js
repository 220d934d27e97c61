/** What the page says about itself, and the few things every behaviour does with elements. */

/** When this page was asked for. Not performance.timeOrigin: that drifts from the clock while a phone sleeps. */
export const askedAt = Date.now() - performance.now();

/** @returns {string} the person this page was rendered for, "" when nobody is signed in */
export function pagePerson() {
  return document.documentElement.dataset.person ?? "";
}

/** @param {Element} element @param {boolean} visible */
export function show(element, visible) {
  element.toggleAttribute("hidden", !visible);
}

/** @param {string} selector @param {boolean} visible */
export function showAll(selector, visible) {
  document.querySelectorAll(selector).forEach((element) => show(element, visible));
}

/**
 * A copy of a template's only element.
 * @param {string} id
 * @param {Record<string, string | null | undefined>} [slots]
 * @returns {HTMLElement | null} null when the page has no such template
 */
export function clone(id, slots = {}) {
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById(id));
  const root = template?.content.firstElementChild?.cloneNode(true);
  if (!(root instanceof HTMLElement)) return null;
  setSlots(root, slots);
  return root;
}

/**
 * Set the texts of slots; a slot without text is hidden.
 * @param {Element} root
 * @param {Record<string, string | null | undefined>} slots
 */
export function setSlots(root, slots) {
  for (const [name, text] of Object.entries(slots)) {
    for (const element of root.querySelectorAll(`[data-slot="${name}"]`)) {
      element.textContent = text ?? "";
      show(element, Boolean(text));
    }
  }
}

/** @param {Element} root @param {string} name @returns {HTMLElement | null} */
export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

/** @param {string | null} url @returns {string} path and query of a URL of this site */
export function pathOf(url) {
  const { pathname, search } = new URL(url || "", location.href);
  return pathname + search;
}

/**
 * The form's URL; `form.action` may be shadowed by a field of that name.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} [submitter]
 */
export function actionOf(form, submitter) {
  return pathOf(submitter?.getAttribute("formaction") || form.getAttribute("action"));
}

/** @returns {boolean} whether something typed in this page is not saved yet */
export function isDirty() {
  return document.querySelector("form[data-dirty]") !== null;
}
