/** The tag that was scanned last, for the page of a job that is opened from it: proof of where somebody stands. */

import { behaviour } from "../behaviour.js";
import { findTag, plainCode } from "../directory.js";

const KEPT = 10 * 60_000;
const NAME = "scanned-tag";

behaviour("[data-tag-shell]", () => {
  const code = plainCode(decodeURIComponent(location.pathname.split("/")[2] ?? ""));
  sessionStorage.setItem(NAME, JSON.stringify({ code, at: Date.now() }));
});

behaviour("input[data-scanned]", (/** @type {HTMLInputElement} */ field) => {
  fill(field);
});

/** Only when it is the tag of the place in question. @param {HTMLInputElement} field */
async function fill(field) {
  const kept = JSON.parse(sessionStorage.getItem(NAME) ?? "null");
  if (!kept || Date.now() - kept.at > KEPT) return;
  const tag = await findTag(kept.code);
  if (tag?.placeId === field.dataset.scanned) field.value = kept.code;
}
