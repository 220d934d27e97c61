/** Pages: from the network first, from the cache when the network is slow or away. */

import { tell } from "../channel.js";
import { whoami } from "../outbox/session.js";
import { allItems } from "../outbox/store.js";
import { keepPage, marked } from "./copies.js";
import { readable } from "./frame.js";

const PATIENCE = 3_500;
const LONGER = 8_000;
const DOWN = [502, 503, 504];
const TICKET = /^\/tickets\/([0-9a-f-]{36})$/;
const TAG = /^\/t\/[^/]+$/;
// Filled in by the phone itself: there is nothing in them that could be out of date.
const LOCAL = /^\/(outbox|scan)$/;

/**
 * What to answer instead of the network.
 * @typedef {{patience: number, exact: boolean, response: () => Promise<Response>}} Spare
 */

/** @param {any} event a fetch event of a navigation @returns {Promise<Response>} */
export async function page(event) {
  const asked = Date.now();
  const network = fetch(event.request);
  const kept = network.then(
    (response) => keepPage(event.request.url, response.clone(), asked),
    () => false,
  );
  event.waitUntil(kept);
  const url = new URL(event.request.url);
  const spare = await spareFor(url);
  const answer = await withinTime(network, spare?.patience);
  if (answer && !(await isWorseThan(answer, url, spare))) return answer;
  if (!spare) return network;
  if (!answer) event.waitUntil(kept.then((fresh) => fresh && tell({ type: "fresh", url: url.href })));
  return spare.response();
}

/**
 * The content of a page for htmx; afterwards the whole page is fetched again for the cache.
 * @param {any} event
 * @returns {Promise<Response>}
 */
export async function content(event) {
  const { url } = event.request;
  const answer = await fetch(event.request).catch(() => null);
  if (answer?.ok) event.waitUntil(renew(url));
  if (answer) return answer;
  const copy = await readable(url);
  return copy ? marked(copy, "") : Response.error();
}

/** @param {string} url fetch for the cache @returns {Promise<boolean>} */
export async function renew(url) {
  const asked = Date.now();
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" } }).catch(() => null);
  return response ? keepPage(url, response, asked) : false;
}

/**
 * @param {Promise<Response>} network
 * @param {number} [ms]
 * @returns {Promise<Response | null>} null: failed or too slow
 */
function withinTime(network, ms = Infinity) {
  const answer = network.catch(() => null);
  if (ms === Infinity) return answer;
  return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, ms, null))]);
}

/** @param {URL} url @returns {Promise<Spare | null>} */
async function spareFor(url) {
  const copy = await readable(url.href);
  if (copy)
    return { patience: PATIENCE, exact: true, response: () => marked(copy, LOCAL.test(url.pathname) ? "local" : "") };
  const shell = TICKET.test(url.pathname) ? "ticket" : TAG.test(url.pathname) ? "tag" : "page";
  const generic = await readable(new URL(shell === "page" ? "/offline" : `/offline/${shell}`, url).href);
  if (!generic) return null;
  return { patience: shell === "page" ? Infinity : LONGER, exact: false, response: () => marked(generic, shell) };
}

/** @param {Response} answer @param {URL} url @param {Spare | null} spare */
async function isWorseThan(answer, url, spare) {
  if (!spare) return false;
  if (DOWN.includes(answer.status)) return spare.exact || spare.patience === LONGER;
  return answer.status === 404 && (await isStillHere(url));
}

/** A ticket the server has not heard of, because it waits on this phone. @param {URL} url */
async function isStillHere({ pathname }) {
  const id = TICKET.exec(pathname)?.[1];
  const me = await whoami();
  return Boolean(id) && (await allItems()).some((item) => item.person === me && item.subject === id);
}
