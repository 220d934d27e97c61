/** data-compare: before and after side by side, under a slide, or through each other; larger with wheel or fingers. */

import { behaviour } from "../behaviour.js";
import { show } from "../page.js";
import { zoomable } from "./zoom.js";

behaviour("[data-compare]", (/** @type {HTMLElement} */ compare) => {
  const stage = find(compare, "[data-compare-stage]");
  const modes = find(compare, ".compare-modes");
  const share = /** @type {HTMLInputElement | null} */ (compare.querySelector("[data-compare-share]"));
  if (!stage || !modes || !share) return;
  show(modes, true);
  const zoom = zoomable(need(compare, "[data-compare-view]"), need(compare, "[data-compare-zoomed]"));
  modes.addEventListener("click", ({ target }) => {
    const mode = target instanceof Element ? find(target, "", "[data-compare-mode]")?.dataset.compareMode : "";
    if (mode) change(compare, mode, share);
  });
  share.addEventListener("input", () => draw(compare, share));
  compare.querySelectorAll("[data-compare-zoom]").forEach((button) =>
    button.addEventListener("click", () => zoom.by(Number(/** @type {HTMLElement} */ (button).dataset.compareZoom))),
  );
});

/** @param {Element} root @param {string} inside @param {string} [around] @returns {HTMLElement | null} */
function find(root, inside, around) {
  return around ? root.closest(around) : root.querySelector(inside);
}

/** @param {Element} root @param {string} selector */
function need(root, selector) {
  return /** @type {HTMLElement} */ (root.querySelector(selector));
}

/** @param {HTMLElement} compare @param {string} mode @param {HTMLInputElement} share */
function change(compare, mode, share) {
  compare.dataset.mode = mode;
  for (const button of compare.querySelectorAll("[data-compare-mode]"))
    button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.compareMode === mode));
  show(need(compare, "[data-compare-stage]"), mode !== "pair");
  for (const side of ["before", "after"]) {
    const image = /** @type {HTMLImageElement} */ (need(compare, `img[data-compare-${side}]`));
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
  const after = need(compare, "[data-compare-after]");
  const slide = compare.dataset.mode === "slide";
  after.style.clipPath = slide ? `inset(0 0 0 ${share.value}%)` : "none";
  after.style.opacity = slide ? "1" : String(Number(share.value) / 100);
  need(compare, "[data-compare-view]").style.setProperty("--share", `${share.value}%`);
}
