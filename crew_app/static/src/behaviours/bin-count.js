/** Counting bin by bin: the label of a bin says where one stands, and what is scanned next is counted there. */

import { behaviour } from "../behaviour.js";
import { stockItems } from "../directory.js";
import { takeItem } from "../item-search.js";
import { isOurs } from "../outbox/ours.js";
import { setSlots, show } from "../page.js";
import { binIn } from "../scanner/bins.js";
import { signalHit, signalOdd } from "../scanner/signals.js";
import { word } from "../words.js";
import { startCamera } from "./count-camera.js";

behaviour("[data-bin-count]", (/** @type {HTMLElement} */ root) => {
  const form = /** @type {HTMLFormElement} */ (root.querySelector("form[data-outbox]"));
  if (!isOurs(form)) return;
  const stand = () => standIn(root, form, sessionStorage.getItem(keyOf(root)) ?? "");
  stand();
  form.addEventListener("reset", () => setTimeout(stand)); // only after the event are the fields empty
  root.querySelector("[data-bin-leave]")?.addEventListener("click", () => enter(root, form, ""));
  root.addEventListener("label-read", (event) => take(root, form, /** @type {CustomEvent} */ (event).detail));
  return startCamera(root, form, (text) => take(root, form, text));
});

/** @param {HTMLElement} root */
function keyOf(root) {
  return `crew-bin ${root.dataset.binCount}`;
}

/** @param {HTMLElement} root @param {HTMLFormElement} form @param {string} text what a code says */
async function take(root, form, text) {
  const bin = binIn(text);
  if (bin) return bin.store === root.dataset.store ? enter(root, form, bin.name) : refuse(root, "count_other_store");
  const item = (await stockItems()).find(({ code }) => code === text);
  if (!item) return refuse(root, "label_unknown");
  signalHit();
  /** @type {HTMLElement | null} */ (root.querySelector("[data-count-stop]"))?.click();
  form.closest("details")?.setAttribute("open", "");
  takeItem(/** @type {HTMLElement} */ (form.querySelector("[data-item-picker]")), item);
  /** @type {HTMLElement | null} */ (form.elements.namedItem("quantity"))?.focus();
}

/** From now on everything lies in this bin. @param {HTMLElement} root @param {HTMLFormElement} form @param {string} name "": in none that is known */
function enter(root, form, name) {
  sessionStorage.setItem(keyOf(root), name);
  standIn(root, form, name);
  if (!name) return;
  signalHit();
  say(root, word("count_bin", { name }));
}

/** @param {HTMLElement} root @param {HTMLFormElement} form @param {string} name */
function standIn(root, form, name) {
  /** @type {HTMLInputElement} */ (form.elements.namedItem("bin")).value = name;
  setSlots(root, { bin: name && word("count_bin", { name }) });
  root.querySelectorAll("[data-bin-here]").forEach((place) => show(place, Boolean(name)));
}

/** @param {HTMLElement} root @param {string} key */
function refuse(root, key) {
  signalOdd();
  say(root, word(key));
}

/** @param {HTMLElement} root @param {string} text */
function say(root, text) {
  const status = root.querySelector("[data-scan-status]");
  if (status) status.textContent = text;
}
