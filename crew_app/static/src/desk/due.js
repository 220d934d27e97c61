/** Callers to be called back, by the keyboard: arrows choose, T told, N not reached, C the next call. */

import { behaviour } from "../behaviour.js";

behaviour("[data-call-list]", () => {
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
});

/** @param {KeyboardEvent} event */
function press(event) {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target instanceof Element && target.closest("input, textarea, select")) return;
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-due-row]")]);
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  if (key === "ArrowDown" || key === "ArrowUp") {
    event.preventDefault();
    rows.at((now + (key === "ArrowDown" ? 1 : now < 0 ? 0 : -1)) % rows.length)?.focus();
  } else if (/^[tn]$/i.test(key) && now >= 0) {
    /** @type {HTMLElement | null} */ (rows[now].querySelector(`[data-key-${key.toLowerCase()}]`))?.click();
  } else if (/^c$/i.test(key)) {
    /** @type {HTMLElement | null} */ (document.querySelector("[data-key-c]"))?.click();
  }
}
