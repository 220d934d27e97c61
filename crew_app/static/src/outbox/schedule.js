/** When sending is tried: on every sign that it could work now, and on a timer while something waits. */

import { hear } from "../channel.js";
import { flush, pause } from "./sender.js";
import { whoami } from "./session.js";
import { itemsOf } from "./store.js";

const TAG = "crew-outbox";
const LONGEST = 300_000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

export function startSchedule() {
  addEventListener("pageshow", () => flush());
  addEventListener("online", () => flush());
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  hear((news) => news.type === "person" && flush());
  hear(setTimer);
  tryNow();
}

/** Nobody tells when there was nothing to be tried yet, so the clock is set in any case. */
async function tryNow() {
  await flush();
  await setTimer();
}

/** The next try by the clock; set anew whenever something has changed. */
async function setTimer() {
  const time = await nextTry();
  clearTimeout(timer);
  if (time === undefined) return;
  timer = setTimeout(tryNow, Math.min(Math.max(time - Date.now(), 500), LONGEST));
}

/** @returns {Promise<number | undefined>} undefined when nothing waits */
export async function nextTry() {
  const waiting = (await itemsOf(await whoami())).filter((item) => item.state === "waiting");
  if (!waiting.length) return;
  return Math.max((await pause())?.until ?? 0, Math.min(...waiting.map((item) => item.due)));
}

/** Ask the browser to send even after this page is closed; not every browser can. */
export async function requestSync() {
  const registration = /** @type {any} */ (await navigator.serviceWorker?.getRegistration());
  await registration?.sync?.register(TAG).catch(() => {});
}
