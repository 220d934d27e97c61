/** Tells the server how much this phone still holds of the person who uses it, so that others know whom to wait for. */

import { hear } from "../channel.js";
import { summary } from "./counters.js";
import { setSetting, setting } from "./database.js";
import { whoami } from "./session.js";

/** @typedef {{person: string, told: string, at: number}} Last */

const MINUTE = 60_000;
const SELDOM = 5 * MINUTE;
const PATIENCE = 15_000;
const [TAKEN, NOBODY, ANOTHER] = [204, 401, 403];

/** @type {ReturnType<typeof setTimeout> | undefined} */
let planned;

export function startContact() {
  contact(MINUTE);
  hear((news) => ["outbox", "sent", "refused"].includes(news.type) && plan());
  setInterval(contact, MINUTE);
  addEventListener("online", plan);
}

/** Many things may change at once; one word about them is enough. */
function plan() {
  clearTimeout(planned);
  planned = setTimeout(contact, 1_000);
}

/**
 * Tell what is new; nothing new is told now and then as well.
 * @param {number} [pause] ms since the last contact after which the same is told again
 */
export async function contact(pause = SELDOM) {
  const person = await whoami();
  const said = await numbers();
  const last = /** @type {Last | undefined} */ (await setting("contact"));
  const same = last?.person === person && last.told === said.toString();
  if (!person || (same && Date.now() - last.at < pause)) return;
  if ((await send(person, said)) === TAKEN) await setSetting("contact", { person, told: said.toString(), at: Date.now() });
}

/**
 * The last word of a person who leaves this phone: what is unsent stays on it.
 * @returns {Promise<boolean>} whether the server could be reached
 */
export async function lastContact() {
  const person = await whoami();
  await setSetting("contact", undefined);
  const said = await numbers();
  said.set("kept", "1");
  return [TAKEN, NOBODY, ANOTHER].includes(await send(person, said));
}

async function numbers() {
  const { waiting, refused, oldest } = await summary();
  return new URLSearchParams({
    unsent: String(waiting.length),
    refused: String(refused.length),
    oldest: oldest === null ? "" : new Date(oldest).toISOString(),
    build: globalThis.document?.documentElement.dataset.build ?? workerBuild(),
  });
}

/** The service worker belongs to the front end whose files it keeps. */
function workerBuild() {
  return /-(\w{8,})\./.exec(__ASSETS__["app.js"] ?? "")?.[1] ?? "";
}

/** @param {string} person @param {URLSearchParams} said @returns {Promise<number>} the status, 0 without an answer */
async function send(person, said) {
  try {
    const { status } = await fetch("/sync/contact", {
      method: "POST",
      body: new URLSearchParams([...said, ["sent_at", new Date().toISOString()]]),
      headers: { "Crew-Person": person },
      redirect: "manual",
      credentials: "same-origin",
      keepalive: true,
      signal: AbortSignal.timeout(PATIENCE),
    });
    return status;
  } catch {
    return 0;
  }
}
