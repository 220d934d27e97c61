/** All tags and stock items of the site, kept on the phone, so that any tag scans without a network. */

import { tell } from "./channel.js";
import { database } from "./outbox/database.js";
import { whoami } from "./outbox/session.js";
import { manifest } from "./taken.js";

/**
 * @typedef {{code: string, kind: "place" | "asset", subjectId: string,
 *   placeId: string, name: string, path: string, door: string[]}} Tag
 * @typedef {{id: string, code: string, name: string, spec: string, unit: string,
 *   pinyin: string, pack: string, packSize: string, bag: string | null}} StockItem
 * @typedef {{id: string, number: string, name: string, state: string, since: string}} OpenJob
 * @typedef {{person: string, etag: string | null, at: number, asOf: string}} About
 */

const FRESH = 10 * 60_000;
const EARLY = 60 * 60_000; // who comes a little early is asked why, and not sent elsewhere
const LIKE = { I: "1", L: "1", O: "0" };

/** @param {string} name @returns {Promise<any>} */
async function part(name) {
  return (await database()).get("directory", name);
}

/** Fetch the directory unless it is fresh; without a network the old one stays. */
export async function refreshDirectory() {
  const me = await whoami();
  const about = /** @type {About | undefined} */ (await part("about"));
  const known = about?.person === me ? about : undefined;
  if (!me || (known && Date.now() - known.at < FRESH)) return;
  const response = await ask(known?.etag).catch(() => null);
  if (response?.status === 304 && known)
    await (await database()).put("directory", { ...known, at: Date.now() }, "about");
  if (response?.ok) await keep(await response.json(), response.headers.get("ETag"));
}

/** @param {string | null | undefined} etag */
function ask(etag) {
  /** @type {HeadersInit} */
  const headers = etag ? { "If-None-Match": etag } : {};
  return fetch("/sync/directory", { headers, credentials: "same-origin", redirect: "error" });
}

/** @param {any} data @param {string | null} etag */
async function keep(data, etag) {
  if (data.person !== (await whoami())) return;
  const about = { person: data.person, etag, at: Date.now(), asOf: data.as_of };
  const tx = (await database()).transaction("directory", "readwrite");
  const parts = { tags: data.tags, items: data.items, bag: data.bag, about };
  await Promise.all([...Object.entries(parts).map(([name, value]) => tx.store.put(value, name)), tx.done]);
  tell({ type: "directory" });
}

/** @param {string} text as typed, printed or in a URL @returns {string} the code as the directory has it */
export function plainCode(text) {
  return text
    .toUpperCase()
    .replace(/[\s-]/g, "")
    .replace(/[ILO]/g, (letter) => LIKE[/** @type {"I"} */ (letter)]);
}

/** @param {string} text @returns {Promise<Tag | undefined>} */
export async function findTag(text) {
  const code = plainCode(text);
  const row = ((await part("tags")) ?? []).find((/** @type {string[]} */ tag) => tag[0] === code);
  if (!row) return;
  const [, kind, subjectId, placeId, name, path, ...door] = row;
  return { code, kind, subjectId, placeId, name, path, door };
}

/** Tags whose name or place contains every word typed, for finding places without a network. @param {string} text @returns {Promise<Tag[]>} */
export async function tagsLike(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const isMeant = (/** @type {string[]} */ row) => words.every((one) => `${row[4]} ${row[5]}`.toLowerCase().includes(one));
  const rows = words.length ? ((await part("tags")) ?? []).filter(isMeant).slice(0, 12) : [];
  return rows.map((/** @type {any[]} */ [code, kind, subjectId, placeId, name, path]) => ({ code, kind, subjectId, placeId, name, path, door: [] }));
}

/**
 * What was open at a tag when the phone last asked: at the equipment, or at a place with all that stands in it.
 * @param {Tag} tag
 * @returns {Promise<{asOf: string, jobs: OpenJob[]} | null>} null: the phone does not know
 */
export async function openAt({ kind, subjectId, placeId }) {
  const known = await manifest();
  if (!known) return null;
  const isHere = (/** @type {any[]} */ [, , , , , place, asset]) =>
    kind === "asset" ? asset === subjectId : place === placeId;
  const jobs = known.open.filter(isHere).map(([id, number, name, state, since]) => ({ id, number, name, state, since }));
  return { asOf: known.asOf, jobs };
}

/**
 * The stop of a round that a scan opens: one that may be visited now or soon, the most urgent first.
 * @param {Tag} tag
 * @param {number} now
 * @returns {Promise<{id: string, run: string} | undefined>}
 */
export async function stopAt({ kind, subjectId, placeId }, now) {
  const stops = (await manifest())?.stops ?? [];
  const isHere = (/** @type {any[]} */ [, , place, asset]) => (kind === "asset" ? asset === subjectId : !asset && place === placeId);
  const isOpen = (/** @type {any[]} */ [, , , , opens]) => Date.parse(opens) <= now + EARLY;
  const [found] = stops.filter((stop) => isHere(stop) && isOpen(stop));
  return found && { id: found[0], run: found[1] };
}

/** @returns {Promise<StockItem[]>} those in the person's own bag first */
export async function stockItems() {
  const bag = new Map((await part("bag")) ?? []);
  const items = ((await part("items")) ?? []).map((/** @type {string[]} */ [id, code, name, spec, unit, pinyin]) => {
    return { id, code, name, spec, unit, pinyin, bag: bag.get(id) ?? null };
  });
  return items.sort(
    (/** @type {StockItem} */ a, /** @type {StockItem} */ b) => Number(b.bag !== null) - Number(a.bag !== null),
  );
}
