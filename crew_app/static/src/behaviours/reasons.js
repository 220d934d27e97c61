/** Work at the queue by thumb and by keys: opening the fold with the words, usual reasons, Ctrl Enter. */

import { behaviour } from "../behaviour.js";
import { show } from "../page.js";

behaviour("[data-opens]", (/** @type {HTMLElement} */ opener) => {
  opener.addEventListener("click", (event) => {
    const fold = /** @type {HTMLDetailsElement | null} */ (document.getElementById(opener.dataset.opens ?? ""));
    if (!fold) return;
    event.preventDefault();
    fold.open = true;
    fold.scrollIntoView({ block: "nearest" });
    fold.querySelector("textarea")?.focus();
  });
});

behaviour("[data-reasons]", (/** @type {HTMLElement} */ group) => {
  const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById(group.dataset.reasons ?? ""));
  show(group, true);
  group.addEventListener("click", ({ target }) => {
    const reason = target instanceof Element ? target.closest("[data-reason]") : null;
    if (!field || !reason) return;
    field.value = [field.value.trim(), reason.textContent?.trim()].filter(Boolean).join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
});

behaviour(".review textarea", (/** @type {HTMLTextAreaElement} */ field) => {
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.form?.requestSubmit();
    if (event.key === "Escape") field.blur();
  });
});
