/** What waits, saved as a file and read from one: the way out when a phone cannot send any more. */

import { behaviour } from "../behaviour.js";
import { tell } from "../channel.js";
import { notice } from "../notices.js";
import { word } from "../words.js";
import { durable } from "./database.js";
import { flush } from "./sender.js";
import { whoami } from "./session.js";
import { itemsOf, photoBytes, receiptOf } from "./store.js";

/** @typedef {import("./store.js").Item} Item */
/** @typedef {Item & {bytes?: string}} Kept */

const FORMAT = "crew-outbox";
const VERSION = 1;
const CHUNK = 0x8000;

/** The file is whole, but somebody else saved it. */
class OfAnother extends Error {}

behaviour("[data-outbox-export]", (/** @type {HTMLElement} */ button) => button.addEventListener("click", exportFile));
behaviour("input[data-outbox-import]", (/** @type {HTMLInputElement} */ input) => {
  input.addEventListener("change", () => importFile(input));
});

async function exportFile() {
  const person = await whoami();
  const items = await Promise.all((await itemsOf(person)).map(keep));
  const text = JSON.stringify({
    format: FORMAT,
    version: VERSION,
    person,
    exported_at: new Date().toISOString(),
    items,
  });
  download(
    new Blob([text], { type: "application/json" }),
    `crew-outbox-${new Date().toISOString().slice(0, 16).replace(":", "")}.json`,
  );
}

/** @param {Item} item @returns {Promise<Kept>} */
async function keep({ seq, ...item }) {
  const bytes = item.blob && (await photoBytes(item.blob));
  return bytes ? { ...item, bytes: encode(new Uint8Array(bytes)) } : item;
}

/** @param {Blob} blob @param {string} name */
function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {HTMLInputElement} input */
async function importFile(input) {
  const file = input.files?.[0];
  input.value = "";
  if (!file) return;
  try {
    notice("success", word("imported", { count: await add(await read(file)) }));
    await flush();
  } catch (error) {
    console.error(error);
    notice("danger", word("import_failed"), word(whyNot(/** @type {Error} */ (error))));
  }
}

/** @param {Error} error */
function whyNot(error) {
  if (error instanceof OfAnother) return "import_other_text";
  return error.name === "QuotaExceededError" ? "storage_full_text" : "import_failed_text";
}

/** @param {File} file @returns {Promise<Kept[]>} in their order; fails unless it is a file of this person */
async function read(file) {
  const { format, version, person, items } = JSON.parse(await file.text());
  if (format !== FORMAT || version !== VERSION || !items.every(isWhole)) throw new Error("not an outbox file");
  if (person !== (await whoami())) throw new OfAnother("an outbox file of somebody else");
  return items;
}

/** Only requests to this site, with all that is needed to send and to show them. @param {Kept} item */
function isWhole({ key, url, label, subject, madeAt, from, news, size, blob, bytes, body }) {
  const texts = [key, url, label, subject, blob ? bytes : body].every((text) => typeof text === "string");
  const ours = /^[0-9a-f-]{36}$/.test(key) && /^\/(?![/\\])/.test(url);
  return texts && ours && [from, news].every(Array.isArray) && Number.isFinite(size) && Date.parse(madeAt) > 0;
}

/** @param {Kept[]} kept @returns {Promise<number>} how many were new here */
async function add(kept) {
  const person = await whoami();
  const sent = await Promise.all(kept.map(({ key }) => receiptOf(key)));
  const tx = await durable(["items", "blobs"]);
  let count = 0;
  for (const [place, { bytes, ...item }] of kept.entries()) {
    if (sent[place] || (await tx.objectStore("items").index("key").getKey(item.key)) !== undefined) continue;
    if (bytes) await tx.objectStore("blobs").put(decode(bytes).buffer, item.blob);
    await tx.objectStore("items").add({ ...item, person, due: 0, undo: false });
    count += 1;
  }
  await tx.done;
  tell({ type: "outbox" });
  return count;
}

/** @param {Uint8Array} bytes */
function encode(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return btoa(parts.join(""));
}

/** @param {string} text */
function decode(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
