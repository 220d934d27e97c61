/** What is open, typed and chosen in a page goes over into the content that takes its place, before anybody can touch it. */

import { behaviour } from "../behaviour.js";
import { purposeOf, readyPhotos, setPhotos } from "./chosen.js";
import { fillForm, typed } from "./fields.js";

/** @typedef {import("./photos.js").Photo} Photo */
/**
 * @typedef {{purpose: string, fields: [string, string][], photos: Photo[],
 *   replaces?: string, reason: string}} Begun a form with something in it
 * @typedef {{page: string, folds: Set<string>, forms: Begun[]}} Hands
 */

/** @type {Hands | null} */
let hands = null;

document.addEventListener("page-leaving", () => (hands = look()));

// Registered last, so that everything in the new content is connected already.
export function keepHands() {
  behaviour("#main", () => {
    const before = hands;
    hands = null;
    if (before?.page === here()) putBack(before);
  });
}

function here() {
  return location.pathname + location.search;
}

/** @returns {Hands} */
function look() {
  const begun = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("#main form[data-dirty]"));
  const open = [...folds()].filter((fold) => fold.open);
  return { page: here(), folds: new Set(open.map(nameOf)), forms: [...begun].map(remember) };
}

/** @param {HTMLFormElement} form @returns {Begun} */
function remember(form) {
  const reason = form.querySelector("[data-form-error]:not([hidden])")?.textContent?.trim() ?? "";
  const { replaces } = form.dataset;
  return { purpose: purposeOf(form), fields: typed(form), photos: readyPhotos(form), replaces, reason };
}

/** @param {Hands} before */
function putBack({ folds: open, forms }) {
  for (const fold of folds()) fold.open ||= open.has(nameOf(fold));
  const heirs = /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll("#main form[data-outbox]")]);
  for (const begun of forms) {
    const heir = heirs.find((form) => purposeOf(form) === begun.purpose);
    if (heir) fill(heir, begun);
  }
}

/** @param {HTMLFormElement} form @param {Begun} begun */
function fill(form, { fields, photos, replaces, reason }) {
  if (replaces) form.dispatchEvent(new CustomEvent("correct", { detail: { replaces, reason } }));
  setPhotos(form, photos);
  fillForm(form, fields);
}

/** @returns {NodeListOf<HTMLDetailsElement>} */
function folds() {
  return document.querySelectorAll("#main details");
}

/** @param {HTMLDetailsElement} fold */
function nameOf(fold) {
  return fold.querySelector("summary")?.textContent?.trim() ?? "";
}
