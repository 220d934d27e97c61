/** The main parts of pages taken along, in the phone's database beside the directory: they go when it goes. */

import { database, setting } from "./outbox/database.js";
import { whoami } from "./outbox/session.js";

/**
 * What the server wants this phone to keep. `look`: person, build and language its pages are made for.
 * @typedef {{person: string, look: string, etag: string | null, at: number, asOf: string, done: boolean,
 *   pages: [string, string][], thumbs: string[], open: any[][], stops?: any[][]}} Manifest
 * @typedef {{revision: string, look: string, time: string, bytes: number}} About one part
 * @typedef {Record<string, About>} Index
 */

const MANIFEST = "manifest";
const INDEX = "parts";
const PART = "part ";

/** @returns {Promise<Manifest | undefined>} of the person who is signed in */
export async function manifest() {
  const found = await (await database()).get("directory", MANIFEST);
  return found?.person === (await whoami()) ? found : undefined;
}

/** @returns {Promise<Index>} */
export async function index() {
  return (await (await database()).get("directory", INDEX)) ?? {};
}

/**
 * Write something of a person, unless somebody else has come meanwhile: nothing of one is left to another.
 * @param {string} person
 * @param {(store: any, index: Index) => void} change
 * @returns {Promise<boolean>} whether it was written
 */
async function write(person, change) {
  const tx = (await database()).transaction(["settings", "directory"], "readwrite");
  const store = tx.objectStore("directory");
  const same = (await tx.objectStore("settings").get("person"))?.id === person;
  if (same) {
    const all = (await store.get(INDEX)) ?? {};
    change(store, all);
    store.put(all, INDEX);
  }
  await tx.done;
  return same;
}

/** @param {Manifest} fresh @returns {Promise<boolean>} */
export function keepManifest(fresh) {
  return write(fresh.person, (store) => store.put(fresh, MANIFEST));
}

/**
 * Keep parts together with what is known about them.
 * @param {string} person
 * @param {[string, Uint8Array, About][]} arrived
 * @returns {Promise<boolean>}
 */
export function keepParts(person, arrived) {
  return write(person, (store, all) => {
    for (const [url, bytes, about] of arrived) {
      store.put(bytes, PART + url);
      all[url] = about;
    }
  });
}

/** @param {string} person @param {(url: string) => boolean} isWanted */
export function dropParts(person, isWanted) {
  return write(person, (store, all) => {
    for (const url of Object.keys(all).filter((one) => !isWanted(one))) {
      store.delete(PART + url);
      delete all[url];
    }
  });
}

/** @param {string} url path and query @returns {Promise<{text: string, about: About} | undefined>} */
export async function part(url) {
  const [me, tx] = [await setting("person"), (await database()).transaction("directory")];
  const [owner, all, bytes] = await Promise.all([MANIFEST, INDEX, PART + url].map((key) => tx.store.get(key)));
  if (!bytes || !me?.id || owner?.person !== me.id) return;
  return { text: new TextDecoder().decode(bytes), about: all[url] };
}
