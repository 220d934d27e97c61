/** Who uses this phone now. Nothing of one person is sent as, or shown to, another. */

import { tell } from "../channel.js";
import { database, setSetting, setting } from "./database.js";

export const PAGES = "crew-pages-";

/** @returns {Promise<string>} the person last seen signed in, "" for nobody */
export async function whoami() {
  return (await setting("person"))?.id ?? "";
}

/** Whose work may go out: the signed-in person's, or what somebody hands in who was shut out. */
export async function sendingFor() {
  return (await whoami()) || ((await setting("handing-in")) ?? "");
}

/** @param {string} id of the person whose sign-in was ended from outside, "" for nobody */
export async function handIn(id) {
  await setSetting("handing-in", id || undefined);
}

/**
 * A page of this person has arrived.
 * @param {string} id "" when nobody is signed in: copies are not shown then, but kept for the same person
 * @param {number} asked when that page was asked for; older news than we have is ignored
 */
export async function seen(id, asked) {
  if (!(await note(id, asked))) return;
  if (id) await wipeExcept(id);
  tell({ type: "person", person: id });
}

/** The person signs out here: the pages go with them, what is unsent stays. */
export async function signedOut() {
  await note("", Date.now());
  await wipeExcept("");
  tell({ type: "person", person: "" });
}

/** @param {string} id @param {number} at @returns {Promise<boolean>} whether it is a change */
async function note(id, at) {
  const tx = (await database()).transaction("settings", "readwrite");
  const known = await tx.store.get("person");
  const changes = !known || (known.id !== id && known.at <= at);
  if (changes) await tx.store.put({ id, at }, "person");
  await tx.done;
  return changes;
}

/** @param {string} id whose pages may stay; with "" none do */
async function wipeExcept(id) {
  if (!("caches" in globalThis)) return;
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PAGES) && name !== PAGES + id);
  await Promise.all(others.map((name) => caches.delete(name)));
  await (await database()).clear("directory");
}
