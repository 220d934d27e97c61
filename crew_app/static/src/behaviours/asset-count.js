/** Counting assets room after room: every code is saved at once, the list says what is found before the server knows. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { findTag } from "../directory.js";
import { notice } from "../notices.js";
import { entryOf, itemsFrom } from "../outbox/command.js";
import { isOurs } from "../outbox/ours.js";
import { refreshPage } from "../outbox/refresh.js";
import { requestSync } from "../outbox/schedule.js";
import { whoami } from "../outbox/session.js";
import { itemsOf, save } from "../outbox/store.js";
import { clone, show } from "../page.js";
import { codeIn, grouped } from "../scanner/codes.js";
import { signalHit, signalOdd } from "../scanner/signals.js";
import { word } from "../words.js";
import { startCamera } from "./count-camera.js";

const SHOWN = 5;
const QUIET = 1_500;

// The words in the outbox name the asset.
document.addEventListener("click", ({ target }) => {
  const button = /** @type {HTMLButtonElement | null} */ (target instanceof Element && target.closest("[data-count-item]"));
  if (button?.form) button.form.dataset.item = button.dataset.countItem;
});

behaviour("[data-asset-count]", (/** @type {HTMLElement} */ root) => {
  const url = root.dataset.assetCount ?? "";
  const form = /** @type {HTMLFormElement | null} */ (root.querySelector("[data-count-form]"));
  markWaiting(root, url);
  const deaf = hear((news) => catchUp(root, url, news.type === "sent"));
  if (!form || !isOurs(form)) return deaf;
  const line = queue((text) => take(root, form, text));
  restoreRoom(root, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = code(form);
    line(input.value.trim());
    input.value = "";
    input.focus();
  });
  form.addEventListener("change", () => keepRoom(root, form));
  const end = startCamera(root, form, line);
  return () => (deaf(), end());
});

/** One after another, however fast the camera is. @param {(text: string) => Promise<void>} act @returns {(text: string) => void} */
function queue(act) {
  let last = Promise.resolve();
  return (text) => {
    if (text) last = last.then(() => act(text)).catch(tellUnsaved);
  };
}

/** @param {Error} error */
function tellUnsaved(error) {
  console.error(error);
  notice("danger", word("count_not_saved"));
}

/** @param {HTMLElement} root @param {HTMLFormElement} form @param {string} text what a code says */
async function take(root, form, text) {
  const plain = codeIn(text) ?? text;
  const tag = await findTag(plain).catch(() => undefined);
  if (tag?.kind === "place") return enter(root, form, tag);
  const row = rowOf(root, tag?.subjectId ?? "", plain);
  const name = tag?.name ?? nameIn(row) ?? (codeIn(text) ? grouped(plain) : text);
  await keep(form, plain, name);
  if (row || tag) signalHit();
  else signalOdd();
  if (row) mark(row);
  say(root, name, noteOf(form, row, tag));
}

/** @param {HTMLFormElement} form @param {string} plain @param {string} name */
async function keep(form, plain, name) {
  code(form).value = plain;
  form.dataset.item = name;
  const { command } = await itemsFrom(entryOf(form, null), []);
  code(form).value = "";
  await save(command, [], { draft: "" });
  requestSync();
}

/** From now on everything is seen in this room. @param {HTMLElement} root @param {HTMLFormElement} form @param {import("../directory.js").Tag} tag */
function enter(root, form, { subjectId, path, name }) {
  choose(form, subjectId, [name, path].filter(Boolean).join(" · "));
  keepRoom(root, form);
  openRoom(root, subjectId);
  signalHit();
  say(root, word("count_room", { name: path || name }), "");
}

/** @param {HTMLFormElement} form @param {string} id @param {string} name */
function choose(form, id, name) {
  const select = room(form);
  if (![...select.options].some(({ value }) => value === id)) select.add(new Option(name, id));
  select.value = id;
}

/** @param {HTMLElement} root @param {string} id */
function openRoom(root, id) {
  root.querySelectorAll(`[data-count-place="${CSS.escape(id)}"]`).forEach((fold) => fold.setAttribute("open", ""));
}

/** A page that comes again is in the same room. @param {HTMLElement} root @param {HTMLFormElement} form */
function keepRoom(root, form) {
  const [option] = room(form).selectedOptions;
  sessionStorage.setItem(`crew-room ${root.dataset.assetCount}`, JSON.stringify([option?.value, option?.text]));
}

/** @param {HTMLElement} root @param {HTMLFormElement} form */
function restoreRoom(root, form) {
  const [id, name] = JSON.parse(sessionStorage.getItem(`crew-room ${root.dataset.assetCount}`) ?? "[]");
  if (!id) return;
  choose(form, id, name);
  openRoom(root, id);
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} row @param {import("../directory.js").Tag | undefined} tag */
function noteOf(form, row, tag) {
  const here = room(form).value;
  if (!row && !tag) return word("count_unknown");
  const expected = /** @type {HTMLElement | null | undefined} */ (row?.closest("[data-count-place]"))?.dataset.countPlace ?? tag?.placeId;
  if (!here) return word("count_no_room");
  return expected === here ? word("count_found") : word("count_elsewhere", { path: tag?.path ?? "" });
}

/** @param {HTMLElement} root @param {string} id of an asset @param {string} plain a number or code @returns {HTMLElement | null} */
function rowOf(root, id, plain) {
  const rows = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-count-asset]")]);
  const fits = ({ dataset }) => dataset.countAsset === id || (plain && dataset.countCodes?.split("\n").includes(plain));
  return rows.find(fits) ?? null;
}

/** @param {HTMLElement | null} row */
function nameIn(row) {
  return row?.querySelector(".row-title")?.textContent?.trim();
}

/** @param {HTMLElement} row */
function mark(row) {
  row.querySelectorAll("[data-count-waiting]").forEach((chip) => show(chip, true));
  row.querySelectorAll("button").forEach((button) => show(button, false));
}

/** @param {HTMLElement} root @param {string} name @param {string} note */
function say(root, name, note) {
  const feed = /** @type {HTMLElement} */ (root.querySelector("[data-count-feed]"));
  const row = clone("count-feed-template", { name, note });
  if (!row) return;
  feed.prepend(row);
  [...feed.children].slice(SHOWN).forEach((old) => old.remove());
  show(feed, true);
  const status = root.querySelector("[data-scan-status]");
  if (status) status.textContent = [name, note].filter(Boolean).join(" · ");
}

/** @param {HTMLElement} root @param {string} url @returns {Promise<number>} how many of this count wait on this phone */
async function markWaiting(root, url) {
  const items = (await itemsOf(await whoami())).filter((item) => item.url === url);
  for (const { body } of items) {
    const fields = new URLSearchParams(body);
    const plain = fields.get("code") ?? "";
    const tag = plain ? await findTag(plain).catch(() => undefined) : undefined;
    const row = rowOf(root, fields.get("asset_id") ?? tag?.subjectId ?? "", plain);
    if (row) mark(row);
  }
  return items.filter(({ state }) => state === "waiting").length;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

/** Sent in the background: show what the server made of it, once nothing more comes. @param {HTMLElement} root @param {string} url @param {boolean} sent */
async function catchUp(root, url, sent) {
  const waiting = await markWaiting(root, url);
  if (!sent || waiting) return;
  clearTimeout(soon);
  soon = setTimeout(() => root.isConnected && refreshPage(), QUIET);
}

/** @param {HTMLFormElement} form */
function code(form) {
  return /** @type {HTMLInputElement} */ (form.elements.namedItem("code"));
}

/** @param {HTMLFormElement} form */
function room(form) {
  return /** @type {HTMLSelectElement} */ (form.elements.namedItem("place_id"));
}
