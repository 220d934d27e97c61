/** Copies of pages, one cache per person. */

import { serverTime } from "../outbox/rules.js";
import { PAGES, seen, whoami } from "../outbox/session.js";

const MOST = 400;

/** @returns {Promise<Cache | null>} null when nobody is signed in */
async function mine() {
  const me = await whoami();
  return me ? caches.open(PAGES + me) : null;
}

/** @param {string} url @returns {Promise<Response | undefined>} */
export async function copyOf(url) {
  return (await mine())?.match(url, { ignoreVary: true });
}

/**
 * Keep a page if it is a whole one of the person who is signed in.
 * @param {string} url as it was asked for
 * @param {Response} response
 * @param {number} asked when
 * @returns {Promise<boolean>} whether it was kept
 */
export async function keepPage(url, response, asked) {
  const person = response.headers.get("Crew-Person");
  const isPage = (response.headers.get("Content-Type") ?? "").startsWith("text/html");
  // What shows a secret once is not kept.
  if (response.status !== 200 || !person || !isPage || response.headers.has("Crew-Once")) return false;
  await seen(person, asked);
  if (person !== (await whoami())) return false;
  const time = new Date(serverTime(response.headers)).toISOString();
  await (await mine())?.put(url, rebuilt(await response.blob(), response, time));
  return true;
}

/**
 * A new response, because a redirected one may not answer a navigation.
 * @param {BodyInit} body
 * @param {Response} response
 * @param {string} time of when it is
 */
export function rebuilt(body, { headers, status }, time) {
  const kept = new Headers(headers);
  ["Content-Encoding", "Content-Length"].forEach((name) => kept.delete(name));
  kept.set("Crew-Cached", time);
  return new Response(body, { status, headers: kept });
}

/**
 * A copy that says that it is one, and of when.
 * @param {Response} copy
 * @param {string} shell which generic page it is, "" for the page itself
 */
export async function marked(copy, shell) {
  const time = copy.headers.get("Crew-Cached") ?? "";
  const marks = `data-cached="${time}"${shell ? ` data-shell="${shell}"` : ""}`;
  return rebuilt((await copy.text()).replace("<html", `<html ${marks}`), copy, time);
}

/** Small pictures of photos never change; they are kept with the person's pages. @param {Request} request */
export async function thumbnail(request) {
  const cache = await mine();
  const larger = request.url.replace(/small$/, "thumb");
  const copy = (await cache?.match(request, { ignoreVary: true })) ?? (await cache?.match(larger, { ignoreVary: true }));
  if (copy) return copy;
  const response = await fetch(request);
  if (response.ok && !response.redirected) await cache?.put(request, response.clone());
  return response;
}

/** Large ones take room: only what was taken along is kept. @param {Request} request */
export async function picture(request) {
  return (await (await mine())?.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** The oldest go when there are too many. */
export async function trim() {
  const cache = await mine();
  const requests = (await cache?.keys()) ?? [];
  for (const request of requests.slice(0, Math.max(0, requests.length - MOST))) await cache?.delete(request);
}
