/** A check that asks for a second tag: the camera opens within the page and fills in the code. */

import { behaviour } from "../behaviour.js";
import { isOurs } from "../outbox/ours.js";
import { codeIn, grouped } from "../scanner/codes.js";
import { signalHit, signalOdd } from "../scanner/signals.js";
import { startCamera } from "./count-camera.js";

behaviour('[data-check-kind="tag"]', (/** @type {HTMLElement} */ root) => {
  const form = root.closest("form");
  if (form && isOurs(form)) return startCamera(root, form, (text) => take(root, text));
});

/** @param {HTMLElement} root @param {string} text what a code says */
function take(root, text) {
  const code = codeIn(text);
  const field = /** @type {HTMLInputElement | null} */ (root.querySelector("[data-tag-field]"));
  if (!code || !field) return signalOdd();
  field.value = grouped(code);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  signalHit();
  /** @type {HTMLElement | null} */ (root.querySelector("[data-count-stop]"))?.click();
}
