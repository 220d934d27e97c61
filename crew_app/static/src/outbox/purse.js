/** Capture challenges, each good for one photo: kept for the basement, of whoever is signed in, gone with the sign-in. */

import { database, durable } from "./database.js";
import { whoami } from "./session.js";

/** @typedef {{person: string, kept: string[]}} Purse oldest first */

const FEW = 8;
const MOST = 28;
const FRESH = 3_600_000;
const GOOD_FOR = 13 * 24 * 3_600_000;
// Beside the directory: it is cleared when somebody else comes.
const PURSE = "purse";

/** @returns {Promise<string>} the freshest, which nobody gets again; "" when there is none */
export async function takeChallenge() {
  const tx = await durable(["settings", "directory"]);
  const { person, kept } = await open(tx);
  const challenge = kept.pop() ?? "";
  if (challenge) tx.objectStore("directory").put({ person, kept }, PURSE);
  await tx.done;
  return challenge;
}

/** Ask for more when few are left or they are old; without a network those that are here have to do. */
export async function refill() {
  const me = await whoami();
  if (!me || !navigator.onLine || !(await isLow())) return;
  /** @type {RequestInit} */
  const options = { credentials: "same-origin", cache: "no-store", redirect: "error" };
  const response = await fetch("/photos/challenges", options).catch(() => null);
  if (response?.ok && response.headers.get("Crew-Person") === me) await put(me, await response.json());
}

async function isLow() {
  const { kept } = await open((await database()).transaction(["settings", "directory"]));
  return kept.length < FEW || givenAt(kept[kept.length - 1]) < Date.now() - FRESH;
}

/** @param {string} me @param {string[]} fresh */
async function put(me, fresh) {
  const tx = await durable(["settings", "directory"]);
  const { person, kept } = await open(tx);
  if (person === me) tx.objectStore("directory").put({ person, kept: [...kept, ...fresh].slice(-MOST) }, PURSE);
  await tx.done;
}

/** @param {any} tx @returns {Promise<Purse>} of whoever is signed in, without what is too old to be accepted */
async function open(tx) {
  const [owner, purse] = await Promise.all([
    tx.objectStore("settings").get("person"),
    tx.objectStore("directory").get(PURSE),
  ]);
  const person = owner?.id ?? "";
  const kept = purse?.person === person && person ? purse.kept : [];
  return { person, kept: kept.filter((/** @type {string} */ one) => givenAt(one) > Date.now() - GOOD_FOR) };
}

/** @param {string} challenge as the server writes it: name, milliseconds, seal */
function givenAt(challenge) {
  return Number(challenge.split(".")[1]);
}
