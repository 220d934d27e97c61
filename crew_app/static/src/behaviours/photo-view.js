/** A photo opens over the page: an installed application has no way back from a bare picture. */

import { behaviour } from "../behaviour.js";
import { ask } from "../dialogs.js";
import { slot } from "../page.js";

behaviour("a[data-photo-link]", (/** @type {HTMLAnchorElement} */ link) => {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    view(link);
  });
});

/** @param {HTMLAnchorElement} link */
function view(link) {
  const text = link.closest("figure")?.querySelector("figcaption")?.textContent ?? "";
  ask("photo-template", { text }, (dialog) => {
    const image = /** @type {HTMLImageElement | null} */ (slot(dialog, "image"));
    slot(dialog, "about")?.setAttribute("href", new URL(link.href).pathname.replace(/\/large$/, ""));
    if (!image) return;
    image.src = link.href;
    image.alt = link.querySelector("img")?.alt ?? "";
  });
}
