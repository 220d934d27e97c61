/**
 * data-filter on a search field: hides whatever has data-filter-words without what was typed, without asking the
 * server, so that it works in a basement too. What was typed also goes into an empty field with data-filter-copy.
 */

import { behaviour } from "../behaviour.js";

behaviour("input[data-filter]", (/** @type {HTMLInputElement} */ input) => {
  const draw = () => filter(input.value);
  input.addEventListener("input", draw);
  draw();
});

/** @param {string} typed */
function filter(typed) {
  const wanted = plain(typed);
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-filter-words]"))) {
    row.hidden = !plain(row.dataset.filterWords ?? "").includes(wanted);
  }
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-filter-copy]"))) {
    if (!field.value || field.value === field.dataset.filterCopy) {
      field.value = typed.toUpperCase();
      field.dataset.filterCopy = field.value;
    }
  }
}

/** A plate is written with and without dots and spaces. @param {string} text */
function plain(text) {
  return text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
}

document.addEventListener("click", ({ target }) => {
  const link = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-open-fold]")) : null;
  const fold = link && document.getElementById(link.dataset.openFold ?? "");
  if (fold instanceof HTMLDetailsElement) fold.open = true;
});
