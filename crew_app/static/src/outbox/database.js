/** The phone's own database: what waits to be sent, drafts, receipts, the directory. */

import { openDB } from "idb";

/** Each step leads from the version before; never change one that was released. @type {((db: any) => void)[]} */
const STEPS = [
  (db) => {
    const items = db.createObjectStore("items", { keyPath: "seq", autoIncrement: true });
    items.createIndex("key", "key", { unique: true });
    db.createObjectStore("blobs");
    db.createObjectStore("drafts", { keyPath: "id" });
    db.createObjectStore("receipts", { keyPath: "key" });
    db.createObjectStore("settings");
    db.createObjectStore("directory");
  },
];

/** @type {Promise<import("idb").IDBPDatabase<any>> | undefined} */
let opening;

export function database() {
  opening ??= open();
  return opening;
}

async function open() {
  try {
    const db = await openDB("crew", STEPS.length, { upgrade, blocking: close, terminated: forget });
    return db;
  } catch (error) {
    forget();
    throw error;
  }
}

/** @param {any} db @param {number} from */
function upgrade(db, from) {
  STEPS.slice(from).forEach((step) => step(db));
}

/** A newer page wants to upgrade: let it. */
async function close() {
  const db = await opening;
  forget();
  db?.close();
}

function forget() {
  opening = undefined;
}

/**
 * A read-write transaction that is on the disk when it completes.
 * @param {string[]} stores
 */
export async function durable(stores) {
  return (await database()).transaction(stores, "readwrite", { durability: "strict" });
}

/** @param {string} name @returns {Promise<any>} */
export async function setting(name) {
  return (await database()).get("settings", name);
}

/** @param {string} name @param {any} value undefined forgets it */
export async function setSetting(name, value) {
  const db = await database();
  await (value === undefined ? db.delete("settings", name) : db.put("settings", value, name));
}
