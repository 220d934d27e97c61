/** Light, dark, or as the phone has it. A cookie, so that the server paints the first page right. */

import { behaviour } from "../behaviour.js";

const YEAR = 365 * 24 * 3600;

behaviour("[data-theme-choice]", (/** @type {HTMLInputElement | HTMLSelectElement} */ field) => {
  if (field instanceof HTMLInputElement) field.checked = field.value === chosen();
  else field.value = chosen();
  field.addEventListener("change", () => apply(field.value));
});

/** A page from the cache may be older than the choice. */
export function startTheme() {
  if (document.cookie.includes("crew_theme=")) paint(chosen());
}

function chosen() {
  return /(?:^|; )crew_theme=(light|dark)/.exec(document.cookie)?.[1] ?? "auto";
}

/** @param {string} theme */
function apply(theme) {
  document.cookie = `crew_theme=${theme}; path=/; max-age=${YEAR}; SameSite=Lax`;
  paint(theme);
}

/** @param {string} theme */
function paint(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
