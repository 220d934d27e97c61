/** Walking a round: a scan opens its stop, what is saved on this phone counts at once, the next stop opens by itself. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { sha256, uuid7 } from "../ids.js";
import { addPhoto } from "../outbox/chosen.js";
import { refreshPage } from "../outbox/refresh.js";
import { whoami } from "../outbox/session.js";
import { itemsOf } from "../outbox/store.js";
import { show } from "../page.js";
import { forgetSighting, lastSighting } from "../scanner/sighting.js";
import { word } from "../words.js";

/** @typedef {import("../outbox/store.js").Item} Item */

const QUIET = 1_500;

behaviour("[data-walk]", (/** @type {HTMLElement} */ root) => {
  showOpen(root);
  openScanned(root);
  watchEarly(root);
  overlay(root);
  root.addEventListener("reset", ({ target }) => setTimeout(() => overlay(root, /** @type {Element} */ (target))));
  return hear(async (news) => {
    const waiting = await overlay(root);
    if (news.type === "sent" && news.subject === root.dataset.walk && !waiting) soon(root);
  });
});

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {HTMLElement} root */
function soon(root) {
  clearTimeout(timer);
  timer = setTimeout(() => root.isConnected && refreshPage(), QUIET);
}

/** Under way, the next stop is what one came for. @param {HTMLElement} root */
function showOpen(root) {
  const isBegun = root.querySelector('[data-stop]:not([data-stop-state="waiting"])');
  const stop = root.querySelector("[data-stop]:has(> details[open])");
  if (isBegun && stop) stop.scrollIntoView({ block: "start" });
}

/** The stop that the last scan is about. @param {HTMLElement} root */
async function openScanned(root) {
  const named = decodeURIComponent(location.hash.replace("#stop-", ""));
  const stop = named && stopOf(root, named);
  if (stop) open(stop);
  const seen = lastSighting();
  const form = seen && stop ? /** @type {HTMLFormElement | null} */ (stop.querySelector("form[data-visit]")) : null;
  if (!seen || !form) return;
  for (const [name, value] of [["tag", seen.code], ["how", seen.how], ["scanned_at", seen.at], ["frame_hash", seen.hash]]) {
    const field = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
    if (field) field.value = value;
  }
  show(form.querySelector("[data-scan-yes]"), true);
  show(form.querySelector("[data-scan-no]"), false);
  if (seen.frame) addPhoto(form, await frameOf(seen.frame, seen.at));
  forgetSighting();
  history.replaceState(history.state, "", location.pathname);
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {string} url @param {string} at @returns {Promise<import("../outbox/photos.js").Photo>} */
async function frameOf(url, at) {
  const bytes = Uint8Array.from(atob(url.slice(url.indexOf(",") + 1)), (character) => character.charCodeAt(0)).buffer;
  return { id: uuid7(), bytes, type: "image/jpeg", sha256: await sha256(bytes), takenAt: at, source: "camera", purpose: "frame" };
}

/** @param {HTMLElement} root @param {string} id @returns {HTMLElement | null} */
function stopOf(root, id) {
  return root.querySelector(`[data-stop="${CSS.escape(id)}"]`);
}

/** @param {HTMLElement} stop */
function open(stop) {
  stop.querySelector(":scope > details")?.setAttribute("open", "");
  stop.scrollIntoView({ block: "start" });
}

/** A stop that is not to be visited yet asks why. @param {HTMLElement} root */
function watchEarly(root) {
  for (const stop of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-stop]"))) {
    const early = Date.now() < Date.parse(stop.dataset.opens ?? "");
    for (const field of stop.querySelectorAll("[data-early]")) {
      show(field, early);
      field.querySelector("input")?.toggleAttribute("required", early);
    }
  }
}

/**
 * What waits on this phone counts: those stops are done, the next one opens.
 * @param {HTMLElement} root @param {Element} [done] what was just saved: the next stop after it opens
 * @returns {Promise<number>} how many wait
 */
async function overlay(root, done) {
  const items = (await itemsOf(await whoami())).filter(({ subject, url }) => subject === root.dataset.walk && url.startsWith("/rounds/stops/"));
  const waiting = items.filter(({ state, blob }) => state === "waiting" && !blob);
  for (const stop of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-stop]"))) mark(stop, waiting);
  count(root, waiting);
  if (done && waiting.length) openNext(root, done);
  return waiting.length;
}

/** @param {HTMLElement} stop @param {Item[]} waiting */
function mark(stop, waiting) {
  stop.dataset.serverState ??= stop.dataset.stopState;
  const mine = waiting.find(({ url }) => url.includes(stop.dataset.stop ?? " "));
  const state = mine ? (mine.url.endsWith("/omissions") ? "skipped" : "visited") : stop.dataset.serverState;
  stop.dataset.stopState = state;
  show(stop.querySelector("[data-stop-waiting]"), Boolean(mine));
}

/** @param {HTMLElement} root @param {Item[]} waiting */
function count(root, waiting) {
  const done = root.querySelectorAll('[data-stop-state="visited"]').length;
  const number = root.querySelector("[data-walk-done]");
  if (number) number.textContent = String(done);
  const bar = /** @type {HTMLProgressElement | null} */ (root.querySelector("[data-walk-progress]"));
  if (bar) bar.value = done;
  const words = root.querySelector("[data-walk-waiting]");
  if (words) words.textContent = ` · ${word("walk_waiting", { count: waiting.length })}`;
  show(words, waiting.length > 0);
}

/** The one after it, or else the first: a copy of the page may not know yet what was sent before. @param {HTMLElement} root @param {Element} done */
function openNext(root, done) {
  root.querySelectorAll("[data-stop] > details[open]").forEach((details) => details.removeAttribute("open"));
  const left = /** @type {HTMLElement[]} */ ([...root.querySelectorAll('[data-stop-state="waiting"]')]);
  const isLater = (/** @type {Element} */ stop) => Boolean(done.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING);
  const next = left.find(isLater) ?? left[0];
  if (next) open(next);
}
