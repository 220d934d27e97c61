/** data-compare: before and after side by side, under a slide, or through each other; larger with wheel or fingers. */

import { behaviour } from "../behaviour.js";
import { show } from "../page.js";
import { zoomable } from "./zoom.js";

behaviour("[data-compare]", (/** @type {HTMLElement} */ compare) => {
  const modes = /** @type {HTMLElement | null} */ (compare.querySelector(".compare-modes"));
  if (!modes) return;
  show(modes, true);
  const share = /** @type {HTMLInputElement} */ (part(compare, "[data-compare-share]"));
  const zoom = zoomable(part(compare, "[data-compare-view]"), part(compare, "[data-compare-zoomed]"));
  for (const button of buttons(compare, "[data-compare-mode]"))
    button.addEventListener("click", () => change(compare, button.dataset.compareMode ?? "pair", share));
  for (const button of buttons(compare, "[data-compare-zoom]"))
    button.addEventListener("click", () => zoom.by(Number(button.dataset.compareZoom)));
  share.addEventListener("input", () => draw(compare, share));
});

/** @param {Element} root @param {string} selector */
function part(root, selector) {
  return /** @type {HTMLElement} */ (root.querySelector(selector));
}

/** @param {Element} root @param {string} selector @returns {NodeListOf<HTMLElement>} */
function buttons(root, selector) {
  return root.querySelectorAll(selector);
}

/** @param {HTMLElement} compare @param {string} mode @param {HTMLInputElement} share */
function change(compare, mode, share) {
  compare.dataset.mode = mode;
  for (const button of buttons(compare, "[data-compare-mode]"))
    button.setAttribute("aria-pressed", String(button.dataset.compareMode === mode));
  show(part(compare, "[data-compare-stage]"), mode !== "pair");
  for (const side of ["before", "after"]) {
    const image = /** @type {HTMLImageElement} */ (part(compare, `img[data-compare-${side}]`));
    image.src ||= newest(compare, side);
  }
  draw(compare, share);
}

/** The last picture of a side, without its stamp. @param {HTMLElement} compare @param {string} side */
function newest(compare, side) {
  const links = compare.querySelectorAll(`[data-compare-side="${side}"] a[data-photo-link]`);
  const last = /** @type {HTMLAnchorElement | undefined} */ (links[side === "before" ? 0 : links.length - 1]);
  return last?.href.replace(/\/large\b/, "/plain") ?? "";
}

/** @param {HTMLElement} compare @param {HTMLInputElement} share */
function draw(compare, share) {
  const after = part(compare, "[data-compare-after]");
  const slide = compare.dataset.mode === "slide";
  after.style.clipPath = slide ? `inset(0 0 0 ${share.value}%)` : "none";
  after.style.opacity = slide ? "1" : String(Number(share.value) / 100);
  part(compare, "[data-compare-view]").style.setProperty("--share", `${share.value}%`);
}
