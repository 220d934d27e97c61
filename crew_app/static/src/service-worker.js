/** Answers without a network, and sends what waits when the browser says that it could work now. */

import { contact } from "./outbox/contact.js";
import { refill } from "./outbox/purse.js";
import { flush } from "./outbox/sender.js";
import { whoami } from "./outbox/session.js";
import { itemsOf } from "./outbox/store.js";
import { asset, dropOldAssets, keepAssets } from "./worker/assets.js";
import { picture, thumbnail } from "./worker/copies.js";
import { content, page } from "./worker/pages.js";
import { prefetch } from "./worker/prefetch.js";
import { pushed, renewed, touched } from "./worker/push.js";
import { warm } from "./worker/warm.js";

const worker = /** @type {any} */ (globalThis);

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(keepAssets()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(takeOver()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const answer = answerTo(event);
  if (answer) event.respondWith(answer);
});
worker.addEventListener(
  "sync",
  (/** @type {any} */ event) => event.tag === "crew-outbox" && event.waitUntil(sendAll()),
);
worker.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(pushed(event)));
worker.addEventListener("notificationclick", (/** @type {any} */ event) => event.waitUntil(touched(event)));
worker.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) => event.waitUntil(renewed(event)));
worker.addEventListener("message", (/** @type {any} */ event) => event.waitUntil(obey(event.data)));

async function takeOver() {
  await dropOldAssets();
  await worker.clients.claim();
}

/** @param {any} event @returns {Promise<Response> | undefined} undefined: the browser goes to the network itself */
function answerTo(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/dist/")) return asset(request);
  if (/^\/photos\/[^/]+\/(thumb|small)$/.test(url.pathname)) return thumbnail(request);
  if (/^\/photos\/[^/]+\/plain$/.test(url.pathname)) return picture(request);
  if (request.mode === "navigate") return page(event);
  if (request.headers.get("HX-Target") === "main#main") return content(event);
}

/** Fails while something waits, so that the browser tries again. */
async function sendAll() {
  await flush();
  await contact();
  const left = await itemsOf(await whoami());
  if (left.some((item) => item.state === "waiting")) throw new Error("something waits");
}

/** @param {any} message */
async function obey(message) {
  if (message.type === "activate") await worker.skipWaiting();
  if (message.type === "warm") await warm(message).catch(console.error);
  if (message.type === "warm") await refill().catch(console.error);
  if (message.type === "warm" || message.type === "prefetch") await prefetch(message);
  if (message.type === "keep") await thumbnail(new Request(message.url)).catch(() => {});
  if (message.type === "flush") await flush();
}
