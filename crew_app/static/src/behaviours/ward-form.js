/** A ward's request: as last month, what it costs so far, and whether that passes the monthly limit. */

import { behaviour } from "../behaviour.js";
import { setSlots, show } from "../page.js";

behaviour("[data-ward-form]", (/** @type {HTMLFormElement} */ form) => {
  form.querySelector("[data-as-last]")?.addEventListener("click", () => asLast(form));
  for (const name of ["input", "change", "form-filled"]) form.addEventListener(name, () => reckon(form));
  form.addEventListener("reset", () => setTimeout(() => reckon(form)));
  reckon(form);
});

/** @param {HTMLFormElement} form @returns {HTMLInputElement[]} */
function counts(form) {
  return [...form.querySelectorAll("input[data-price]")].map((input) => /** @type {HTMLInputElement} */ (input));
}

/** @param {HTMLFormElement} form */
function asLast(form) {
  for (const input of counts(form)) input.value = input.dataset.last ?? "0";
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {HTMLFormElement} form */
function reckon(form) {
  const sum = counts(form).reduce((total, { value, dataset }) => total + Number(value) * Number(dataset.price), 0);
  const place = form.querySelector("[data-ward-sum]");
  const over = form.querySelector("[data-ward-over]");
  if (place) setSlots(place, { sum: `¥${sum.toFixed(2)}` });
  if (place) show(place, sum > 0);
  if (over) show(over, sum > Number(form.dataset.left ?? Infinity));
}
