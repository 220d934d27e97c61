/** Takes pages along: asks what should be here, and fetches what is missing or has changed, the most needed first. */

import { tell } from "../channel.js";
import { serverTime } from "../outbox/rules.js";
import { whoami } from "../outbox/session.js";
import { itemsOf } from "../outbox/store.js";
import { thumbnail } from "./copies.js";
import { frame } from "./frame.js";
import { renew } from "./pages.js";
import { dropParts, index, keepManifest, keepParts, manifest } from "../taken.js";

/** @typedef {import("../taken.js").Manifest} Manifest */

const FRESH = 5 * 60_000;
const AT_ONCE = 25;
const MOST_BYTES = 30_000_000;
const SPARE = 100_000_000; // what photos that wait may need comes first

/** @type {Promise<void> | null} */
let running = null;

/** @param {{token?: string, now?: boolean}} message now: also when the last time was not long ago */
export function prefetch({ token = "", now = false }) {
  running ??= run(token, now)
    .catch(console.error)
    .finally(() => {
      running = null;
      tell({ type: "ready", busy: false });
    });
  return running;
}

/** @param {string} token @param {boolean} now */
async function run(token, now) {
  const known = await manifest();
  if (!now && known?.done && known.look === token && Math.abs(Date.now() - known.at) < FRESH) return;
  const wanted = await ask(known);
  if (!wanted || !(await keepManifest(wanted)) || !(await isFramed(wanted))) return;
  await dropOthers(wanted);
  tell({ type: "ready", busy: true });
  if (await takeAll(wanted)) await keepManifest({ ...wanted, done: true });
}

/** @param {Manifest} [known] @returns {Promise<Manifest | null>} null: no answer, or not for us */
async function ask(known) {
  /** @type {HeadersInit} */
  const headers = known?.etag ? { "If-None-Match": known.etag } : {};
  const response = await get("/sync/manifest", headers);
  const times = { at: Date.now(), asOf: new Date(response ? serverTime(response.headers) : 0).toISOString() };
  if (response?.status === 304 && known) return { ...known, ...times };
  if (!response?.ok) return null;
  const { build, lang, ...rest } = await response.json();
  if (rest.person !== (await whoami())) return null;
  const look = [rest.person, build, lang].join(" ");
  return { ...rest, look, etag: response.headers.get("ETag"), done: false, ...times };
}

/** @param {string} url @param {HeadersInit} [headers] @returns {Promise<Response | null>} */
function get(url, headers = {}) {
  /** @type {any} */
  const options = { headers, credentials: "same-origin", redirect: "error", cache: "no-store", priority: "low" };
  return fetch(url, options).catch(() => null);
}

/** Parts are of no use without a frame of the same look. @param {Manifest} wanted */
async function isFramed({ look }) {
  if ((await frame())?.look === look) return true;
  return (await renew(new URL("/offline", location.origin).href)) && (await frame())?.look === look;
}

/** What waits to be sent keeps the page it is about. @param {Manifest} wanted */
async function dropOthers({ person, pages }) {
  const items = await itemsOf(person);
  const about = items.flatMap((item) => [`/tickets/${item.subject}`, item.page]);
  const kept = new Set([...pages.map(([url]) => url), ...about]);
  await dropParts(person, (url) => kept.has(url));
}

/** @param {Manifest} wanted @returns {Promise<boolean>} whether all was asked for */
async function takeAll(wanted) {
  const known = await index();
  const missing = wanted.pages.filter(([url, revision]) => known[url]?.revision !== revision);
  for (let from = 0; from < missing.length; from += AT_ONCE) {
    if (await isFull()) return true;
    if (!(await take(wanted, missing.slice(from, from + AT_ONCE)))) return false;
    tell({ type: "ready", busy: true });
  }
  for (const url of wanted.thumbs) await thumbnail(new Request(url)).catch(() => null);
  return true;
}

async function isFull() {
  const bytes = Object.values(await index()).reduce((sum, about) => sum + about.bytes, 0);
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return bytes > MOST_BYTES || quota - usage < SPARE;
}

/** @param {Manifest} wanted @param {[string, string][]} pages @returns {Promise<boolean>} */
async function take({ person, look }, pages) {
  const query = new URLSearchParams(pages.map(([url]) => ["url", url]));
  const response = await get(`/sync/bundle?${query}`);
  const bytes = response?.ok && new Uint8Array(await response.arrayBuffer().catch(() => new ArrayBuffer(0)));
  if (!response || !bytes || madeFor(response) !== look) return false;
  const revisions = Object.fromEntries(pages);
  const time = new Date(serverTime(response.headers)).toISOString();
  /** @type {[string, Uint8Array, import("../taken.js").About][]} */
  const arrived = partsOf(bytes).map(([url, content]) => {
    return [url, content, { revision: revisions[url], look, time, bytes: content.length }];
  });
  return keepParts(person, arrived);
}

/** @param {Response} response */
function madeFor({ headers }) {
  return ["Crew-Person", "Crew-Build", "Content-Language"].map((name) => headers.get(name)).join(" ");
}

/**
 * A line with length and address before each part; one that was cut off does not count.
 * @param {Uint8Array} bytes
 * @returns {[string, Uint8Array][]}
 */
export function partsOf(bytes) {
  /** @type {[string, Uint8Array][]} */
  const found = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf(10, at);
    const [length, url] = new TextDecoder().decode(bytes.subarray(at, end)).split(" ");
    const start = end + 1;
    at = start + Number(length);
    if (end < 0 || !url || !(at <= bytes.length)) return found;
    found.push([url, bytes.slice(start, at)]);
  }
}
