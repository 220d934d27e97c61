/** The numbers and warnings about what waits, wherever a page shows them. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { show, showAll } from "../page.js";
import { ago } from "../words.js";
import { entriesOf, isRefused } from "./entries.js";
import { pause } from "./sender.js";
import { whoami } from "./session.js";
import { itemsOf } from "./store.js";

/** @typedef {import("./store.js").Item} Item */

const LATE = 24 * 3600 * 1000;
const MINUTE = 60_000;
const PLACES = "[data-outbox-count], [data-refused-count], [data-outbox-oldest], [data-outbox-none]";

let planned = false;

behaviour(PLACES, plan);

export function startCounters() {
  plan();
  hear(plan);
  setInterval(plan, MINUTE);
  addEventListener("online", plan);
  addEventListener("offline", plan);
}

function plan() {
  if (planned) return;
  planned = true;
  setTimeout(async () => {
    planned = false;
    draw(await summary());
  }, 30);
}

/** @typedef {{waiting: Item[], refused: Item[], oldest: number | null, halted: boolean}} Summary */

/** @returns {Promise<Summary>} what the signed-in person has not sent */
export async function summary() {
  const items = await itemsOf(await whoami());
  const oldest = items.length ? Math.min(...items.map((item) => Date.parse(item.madeAt))) : null;
  const [waiting, refused] = ["waiting", "refused"].map((state) => items.filter((item) => item.state === state));
  return { waiting, refused, oldest, halted: waiting.length > 0 && (await pause())?.why === "session" };
}

/** @param {Summary} summary */
function draw({ waiting, refused, oldest, halted }) {
  const entries = entriesOf([...waiting, ...refused]);
  const decisions = entries.filter(isRefused).length;
  count("[data-outbox-count]", entries.length - decisions);
  count("[data-refused-count]", decisions);
  setAll("[data-outbox-oldest]", oldest === null ? "" : ago(oldest));
  showAll("[data-outbox-pill]", entries.length > decisions);
  showAll("[data-refused-pill]", refused.length > 0);
  showAll("[data-outbox-none]", waiting.length + refused.length === 0);
  showAll("[data-outbox-late]", oldest !== null && Date.now() - oldest > LATE);
  showAll("[data-outbox-halted]", halted);
  document.querySelectorAll("[data-outbox-halted] a").forEach(comeBack);
  showAll("[data-offline-pill]", !navigator.onLine);
  badge(entries.length);
}

/** @param {Element} link to the sign-in page */
function comeBack(link) {
  link.setAttribute("href", `/login?next=${encodeURIComponent(location.pathname)}`);
}

/** @param {string} selector @param {number} number */
function count(selector, number) {
  setAll(selector, number ? String(number) : "");
}

/** @param {string} selector @param {string} text */
function setAll(selector, text) {
  for (const element of document.querySelectorAll(selector)) {
    element.textContent = text || "0";
    show(element, Boolean(text));
  }
}

/** On the icon of the installed app. @param {number} number */
function badge(number) {
  const { setAppBadge, clearAppBadge } = /** @type {any} */ (navigator);
  (number ? setAppBadge?.call(navigator, number) : clearAppBadge?.call(navigator))?.catch(() => {});
}
