/** What is typed in a form, and putting it back. */

/**
 * @typedef {Omit<HTMLInputElement, "type"> & Omit<HTMLSelectElement, "type"> & {type: string}} Control
 */

const NEVER = ["file", "password", "submit", "button", "image", "reset"];

/**
 * @param {HTMLFormElement} form
 * @param {boolean} hidden whether hidden fields count as well
 * @returns {Control[]}
 */
function controls(form, hidden) {
  return /** @type {Control[]} */ (/** @type {unknown[]} */ ([...form.elements])).filter(
    ({ name, type }, place, all) =>
      name &&
      !name.startsWith("_") &&
      !NEVER.includes(type) &&
      (hidden || type !== "hidden" || isChosenByHand(all[place])),
  );
}

/** A hidden field that holds what a person picked. @param {Control} control */
function isChosenByHand(control) {
  return control.closest("[data-item-picker]") !== null || "keep" in control.dataset;
}

/** @param {HTMLFormElement} form @returns {[string, string][]} */
export function typed(form) {
  return controls(form, false).flatMap((control) =>
    valuesOf(control).map((value) => /** @type {[string, string]} */ ([control.name, value])),
  );
}

/** @param {Control} control @returns {string[]} */
function valuesOf(control) {
  if (isChoice(control)) return control.checked ? [control.value] : [];
  if (control.type === "select-multiple") return [...control.selectedOptions].map((option) => option.value);
  return [control.value];
}

/** @param {Control} control */
function isChoice({ type }) {
  return type === "checkbox" || type === "radio";
}

/** @param {HTMLFormElement} form @returns {boolean} whether nothing was changed since the page came */
export function isPristine(form) {
  if (form.querySelector("[data-lines][data-changed]")) return false;
  return controls(form, false).every((control) => {
    if (isChoice(control)) return control.checked === control.defaultChecked;
    if (control.options) return isDefault(control);
    return control.type === "hidden" ? control.value === (control.dataset.given ?? "") : control.value === control.defaultValue;
  });
}

/** @param {Control} select */
function isDefault({ options, selectedIndex, multiple }) {
  const preset = [...options].findIndex((option) => option.defaultSelected);
  if (multiple) return [...options].every((option) => option.selected === option.defaultSelected);
  return selectedIndex === Math.max(preset, 0);
}

/**
 * @param {HTMLFormElement} form
 * @param {[string, string][]} fields
 * @param {boolean} [hidden]
 */
export function fillForm(form, fields, hidden = false) {
  form.dispatchEvent(new CustomEvent("form-filling", { detail: { fields } }));
  const left = Map.groupBy(fields, ([name]) => name);
  for (const control of controls(form, hidden)) setValue(control, left.get(control.name) ?? []);
  form.dispatchEvent(new CustomEvent("form-filled", { bubbles: true }));
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {Control} control @param {[string, string][]} left values of this name not used yet */
function setValue(control, left) {
  const values = left.map(([, value]) => value);
  if (isChoice(control)) control.checked = values.includes(control.value);
  else if (control.type === "select-multiple")
    [...control.options].forEach((option) => (option.selected = values.includes(option.value)));
  else if (left.length) control.value = left.shift()?.[1] ?? "";
}
