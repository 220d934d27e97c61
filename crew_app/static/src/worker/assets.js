/** Scripts, styles, icons: named by their content, so kept for good and answered from the cache first. */

import { PAGES } from "../outbox/session.js";

const PREFIX = "crew-assets-";
const CURRENT = PREFIX + __BUILD__;
const HEAVY = /reader|scan|\.(wasm|png|txt)$/;

/** Install: everything a page needs; the scanner comes later, when nothing else waits for the line. */
export async function keepAssets() {
  await addAll(Object.values(__ASSETS__).filter((url) => !HEAVY.test(url)));
}

export async function keepHeavyAssets() {
  await addAll(Object.values(__ASSETS__).filter((url) => HEAVY.test(url)));
}

/** @param {string[]} urls */
async function addAll(urls) {
  const cache = await caches.open(CURRENT);
  for (const url of urls) {
    if (await cache.match(url)) continue;
    const response = (await caches.match(url)) ?? (await fetch(url));
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    await cache.put(url, response);
  }
}

/** @param {Request} request @returns {Promise<Response>} */
export async function asset(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetchAsset(request);
}

/** @param {Request} request */
async function fetchAsset(request) {
  const response = await fetch(request);
  if (response.ok) await (await caches.open(CURRENT)).put(request, response.clone());
  return response;
}

/** Activate: the assets of the version before stay once, for pages that are open or kept. */
export async function dropOldAssets() {
  const versions = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const kept = new Set([CURRENT, ...versions.filter((name) => name !== CURRENT).slice(-1)]);
  const dropped = versions.filter((name) => !kept.has(name));
  const lost = (await Promise.all(dropped.map(urlsOf))).flat();
  await Promise.all(dropped.map((name) => caches.delete(name)));
  await dropPagesThatNeed(await withoutCopies(lost));
}

/** @param {string} name */
async function urlsOf(name) {
  return (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname);
}

/** @param {string[]} urls */
async function withoutCopies(urls) {
  const found = await Promise.all(urls.map((url) => caches.match(url)));
  return urls.filter((_, place) => !found[place]);
}

/** @param {string[]} urls */
async function dropPagesThatNeed(urls) {
  for (const name of (await caches.keys()).filter((one) => one.startsWith(PAGES))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const html = (await (await cache.match(request))?.text()) ?? "";
      if (urls.some((url) => html.includes(url))) await cache.delete(request);
    }
  }
}
