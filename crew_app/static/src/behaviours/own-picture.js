/**
 * [data-own-picture="sha256"]: says whether a chosen file is that original, bit for bit. The file stays on the device.
 * Elements within with data-outcome="original" and "differs" hold the words.
 */

import { behaviour } from "../behaviour.js";
import { sha256 } from "../ids.js";
import { show } from "../page.js";
import { slowSha256 } from "../sha256.js";

behaviour("[data-own-picture]", (/** @type {HTMLElement} */ root) => {
  const input = /** @type {HTMLInputElement} */ (root.querySelector("input[type=file]"));
  const outcomes = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-outcome]"));
  const say = (/** @type {string} */ found) => outcomes.forEach((one) => show(one, one.dataset.outcome === found));
  const look = async () => {
    const file = input.files?.[0];
    say("");
    if (!file) return;
    const fingerprint = await fingerprintOf(new Uint8Array(await file.arrayBuffer()));
    if (input.files?.[0] === file) say(fingerprint === root.dataset.ownPicture ? "original" : "differs");
  };
  root.querySelectorAll("[data-with-script]").forEach((element) => show(element, true));
  input.addEventListener("change", look);
  look(); // somebody may have been quicker than this script
  return () => input.removeEventListener("change", look);
});

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function fingerprintOf(bytes) {
  return crypto.subtle ? sha256(bytes) : slowSha256(bytes);
}
