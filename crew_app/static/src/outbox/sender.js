/** Sends what waits, one after the other, whoever asks: pages and the service worker share one lock. */

import { tell } from "../channel.js";
import { setSetting, setting } from "./database.js";
import { backOff, judge, patience, pick } from "./rules.js";
import { sendingFor } from "./session.js";
import { finish, itemsOf, photoBytes, update } from "./store.js";

/** @typedef {import("./store.js").Item} Item */
/** @typedef {import("./rules.js").Verdict} Verdict */
/** @typedef {{why: "down" | "session", attempts: number, until: number}} Pause */

/** @type {Promise<void> | null} */
let running = null;
let again = false;

/** @returns {Promise<void>} done when everything that could be sent was tried */
export function flush() {
  again = true;
  running ??= run()
    .catch(console.error)
    .finally(() => (running = null));
  return running;
}

async function run() {
  while (again) {
    again = false;
    await navigator.locks.request("crew-outbox", drain);
  }
}

async function drain() {
  for (;;) {
    const item = pick(await itemsOf(await sendingFor()), Date.now());
    if (!item || !(await deal(item, await attempt(item)))) return;
  }
}

/** @returns {Promise<Pause | undefined>} why and until when sending is held back */
export async function pause() {
  return setting("pause");
}

/** @param {Item} item @returns {Promise<Verdict>} */
async function attempt(item) {
  const body = item.blob ? await photoBytes(item.blob) : item.body;
  if (body === undefined) return { kind: "refused", refusal: { status: 0, code: "photo-missing", reason: "" } };
  try {
    return await judge(await request(item, body), item.key);
  } catch (error) {
    return { kind: /** @type {Error} */ (error).name === "TimeoutError" ? "later" : "down" };
  }
}

/** @param {Item} item @param {BodyInit} body */
function request(item, body) {
  return fetch(item.url, {
    method: "POST",
    body,
    headers: {
      "Content-Type": item.type,
      "Crew-Outbox": "1",
      "Crew-Version": String(item.v),
      "Crew-Key": item.key,
      "Crew-Person": item.person,
      "Crew-Made-At": item.madeAt,
      "Crew-Sent-At": new Date().toISOString(),
    },
    redirect: "manual",
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(patience(item)),
  });
}

/** @param {Item} item @param {Verdict} verdict @returns {Promise<boolean>} whether to go on with the next */
async function deal(item, verdict) {
  if (verdict.kind === "sent") return settle(item, () => finish(item, verdict), "sent");
  if (verdict.kind === "refused") return settle(item, () => park(item, verdict.refusal), "refused");
  if (verdict.kind === "later") return putOff(item, verdict.wait);
  return halt(verdict.kind, verdict.kind === "down" ? verdict.wait : undefined);
}

/** @param {Item} item @param {() => Promise<void>} act @param {"sent" | "refused"} type */
async function settle({ key, subject }, act, type) {
  await act();
  await setSetting("pause", undefined);
  tell({ type, key, subject });
  return true;
}

/** @param {Item} item @param {import("./store.js").Refusal} refusal */
function park(item, refusal) {
  return update(item.key, { state: "refused", refusal });
}

/** @param {Item} item @param {number} [wait] */
async function putOff(item, wait) {
  const attempts = item.attempts + 1;
  await update(item.key, { attempts, due: Date.now() + Math.max(wait ?? 0, backOff(attempts)) });
  tell({ type: "outbox" });
  return true;
}

/** @param {"down" | "session"} why @param {number} [wait] */
async function halt(why, wait) {
  const attempts = ((await pause())?.attempts ?? 0) + 1;
  const delay = Math.max(wait ?? 0, backOff(why === "session" ? Infinity : attempts));
  await setSetting("pause", { why, attempts, until: Date.now() + delay });
  tell({ type: "halted", why });
  return false;
}
