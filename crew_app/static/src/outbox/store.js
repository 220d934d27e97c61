/** Items of the outbox. Everything that must not be lost goes through here. */

import { tell } from "../channel.js";
import { database, durable } from "./database.js";

/**
 * One request that waits: a small command, or the bytes of a photo that a command announced.
 * @typedef {Object} Item
 * @property {number} [seq] place in the line
 * @property {number} v version of this shape
 * @property {string} key idempotency key
 * @property {string} person to whom it belongs
 * @property {string} url
 * @property {string} type content type of the body
 * @property {string} [body] fields of a command, URL-encoded
 * @property {string} [blob] id of the photo's bytes
 * @property {string} [after] key of the command that has to be sent before
 * @property {string} subject
 * @property {string} label
 * @property {string[]} from states in which the command is possible
 * @property {string} to state it leads to
 * @property {string[]} news ids this command creates
 * @property {string} page where its form is
 * @property {string} madeAt
 * @property {string} sha256
 * @property {number} size
 * @property {"waiting" | "refused"} state
 * @property {number} attempts
 * @property {number} due not to be tried before
 * @property {Refusal} [refusal]
 * @property {string} [about] the job or place it belongs to, in words; missing in entries of older pages
 * @property {boolean} [undo] may be taken back until it is due
 */
/** @typedef {{status: number, code: string, reason: string}} Refusal */
/**
 * @typedef {Object} Receipt
 * @property {string} key
 * @property {string} person
 * @property {string} subject
 * @property {string} label
 * @property {string[]} from
 * @property {string} to
 * @property {string} location
 * @property {number} at by the device's clock
 * @property {number} date by the server's clock
 * @property {string} [about]
 * @property {string} [after] of a photo: the command it belongs to
 * @property {"rights" | "clash"} [held] a supervisor decides about it
 */

const KEPT = 7 * 24 * 3600 * 1000;

/** The command on this form was sent or is being sent again; it cannot be replaced any more. */
export class Gone extends Error {}

/**
 * Save a command, its photos and the end of its draft in one transaction; it is on the disk when this returns.
 * @param {Item} command
 * @param {{item: Item, bytes: ArrayBuffer}[]} photos
 * @param {{draft?: string, replaces?: string}} [context]
 */
export async function save(command, photos, { draft, replaces } = {}) {
  const tx = await durable(["items", "blobs", "drafts"]);
  const work = write(tx, command, photos, draft, replaces).catch((error) => abort(tx, error));
  const failure = (await Promise.allSettled([work, tx.done])).find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
  tell({ type: "outbox" });
}

/**
 * @param {any} tx
 * @param {Item} command
 * @param {{item: Item, bytes: ArrayBuffer}[]} photos
 * @param {string} [draft]
 * @param {string} [replaces]
 */
async function write(tx, command, photos, draft, replaces) {
  const items = tx.objectStore("items");
  if (replaces) command.seq = await makeRoom(tx, replaces);
  await items.put(command);
  for (const { item, bytes } of photos) {
    await tx.objectStore("blobs").put(bytes, item.blob);
    await items.put(item);
  }
  if (draft) await tx.objectStore("drafts").delete(draft);
}

/** @param {any} tx @param {any} error */
function abort(tx, error) {
  try {
    tx.abort();
  } catch {
    // It has ended already.
  }
  throw error;
}

/**
 * Take a refused command and its photos away; what replaces it gets its place in the line.
 * @param {any} tx
 * @param {string} key
 */
async function makeRoom(tx, key) {
  const items = tx.objectStore("items");
  const old = await items.index("key").get(key);
  if (old?.state !== "refused") throw new Gone();
  await removeWithPhotos(tx, old);
  return old.seq;
}

/** @param {any} tx @param {Item} item */
async function removeWithPhotos(tx, item) {
  const items = tx.objectStore("items");
  const photos = (await items.getAll()).filter((/** @type {Item} */ other) => other.after === item.key);
  for (const gone of [item, ...photos]) {
    await items.delete(gone.seq);
    if (gone.blob) await tx.objectStore("blobs").delete(gone.blob);
  }
}

/** @returns {Promise<Item[]>} of everybody, in order */
export async function allItems() {
  return (await database()).getAll("items");
}

/** @param {string} person @returns {Promise<Item[]>} in order */
export async function itemsOf(person) {
  return (await allItems()).filter((item) => item.person === person);
}

/** @param {string} key @returns {Promise<Item | undefined>} */
export async function itemByKey(key) {
  return (await database()).getFromIndex("items", "key", key);
}

/** @param {string} id @returns {Promise<ArrayBuffer | undefined>} */
export async function photoBytes(id) {
  return (await database()).get("blobs", id);
}

/**
 * Change an item if it is still there.
 * @param {string} key
 * @param {Partial<Item>} changes
 */
export async function update(key, changes) {
  const tx = await durable(["items"]);
  const item = await tx.objectStore("items").index("key").get(key);
  if (item) await tx.objectStore("items").put({ ...item, ...changes });
  await tx.done;
}

/**
 * The server has it: forget the item, keep the receipt.
 * @param {Item} item
 * @param {{location: string, date: number, held: string}} answer
 */
export async function finish(item, { location, date, held }) {
  const { key, person, subject, label, from, to, about, after } = item;
  const tx = await durable(["items", "blobs", "receipts"]);
  const seq = await tx.objectStore("items").index("key").getKey(key);
  if (seq !== undefined) await tx.objectStore("items").delete(seq);
  if (item.blob) await tx.objectStore("blobs").delete(item.blob);
  const receipt = { key, person, subject, label, from, to, about, after, location, held, date, at: Date.now() };
  await tx.objectStore("receipts").put(receipt);
  await tx.done;
}

/**
 * Remove an entry with its photos; in the same transaction the command that tells the server so joins the line.
 * @param {string} key
 * @param {Item} told
 */
export async function discard(key, told) {
  const tx = await durable(["items", "blobs"]);
  const items = tx.objectStore("items");
  const item = await items.index("key").get(key);
  if (item) {
    await removeWithPhotos(tx, item);
    await items.put(told);
  }
  await tx.done;
  tell({ type: "outbox" });
}

/**
 * Undo what is held back for a moment: nothing was sent, and what was typed becomes a draft again.
 * @param {string} key
 * @param {import("./drafts.js").Draft} draft
 * @returns {Promise<boolean>} false when it is too late
 */
export async function takeBack(key, draft) {
  const tx = await durable(["items", "drafts"]);
  const items = tx.objectStore("items");
  const item = await items.index("key").get(key);
  const possible = canUndo(item, Date.now());
  if (possible) {
    await items.delete(item.seq);
    await tx.objectStore("drafts").put(draft);
  }
  await tx.done;
  if (possible) tell({ type: "outbox" });
  return possible;
}

/** @param {Item | undefined} item @param {number} now @returns {boolean} before it is due nobody has begun to send it */
export function canUndo(item, now) {
  return Boolean(item?.undo) && item?.state === "waiting" && item.due > now;
}

/** @param {string} person @param {number} since @returns {Promise<Receipt[]>} newest first */
export async function receiptsSince(person, since) {
  const all = /** @type {Receipt[]} */ (await (await database()).getAll("receipts"));
  return all.filter((receipt) => receipt.person === person && receipt.at >= since).sort((a, b) => b.at - a.at);
}

/** @param {string} key @returns {Promise<Receipt | undefined>} */
export async function receiptOf(key) {
  return (await database()).get("receipts", key);
}

/** @param {string} subject @returns {Promise<Receipt[]>} oldest first */
export async function receiptsAbout(subject) {
  const all = /** @type {Receipt[]} */ (await (await database()).getAll("receipts"));
  return all.filter((receipt) => receipt.subject === subject).sort((a, b) => a.at - b.at);
}

/** Receipts help to show what was just sent; the server keeps the real ones. */
export async function forgetOldReceipts() {
  const tx = (await database()).transaction("receipts", "readwrite");
  for (const receipt of await tx.store.getAll()) {
    if (receipt.at < Date.now() - KEPT) await tx.store.delete(receipt.key);
  }
  await tx.done;
}
