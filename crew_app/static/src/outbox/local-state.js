/** What this phone knows about a ticket beyond the page: commands not sent yet, or sent after the page was made. */

import { askedAt } from "../page.js";
import { whoami } from "./session.js";
import { allItems, receiptsAbout } from "./store.js";

/** @typedef {import("./store.js").Item} Item */
/** @typedef {{from: string[], to: string}} Step */

/**
 * @param {string} state as the server had it
 * @param {Step[]} steps in order
 * @returns {string} as it will be
 */
export function stateAfter(state, steps) {
  return steps.reduce((now, { from, to }) => (to && (!from.length || from.includes(now)) ? to : now), state);
}

/** @param {string} subject @returns {Promise<Item[]>} of the signed-in person, in order */
export async function itemsAbout(subject) {
  const me = await whoami();
  return (await allItems()).filter((item) => item.person === me && item.subject === subject);
}

/**
 * The steps that lead from the page's state to the one to show.
 * @param {string} subject
 * @param {Item[]} items
 * @returns {Promise<Step[]>}
 */
export async function stepsAfterPage(subject, items) {
  const sent = (await receiptsAbout(subject)).filter((receipt) => !receipt.held && isNewerThanPage(receipt));
  return [...sent, ...items.filter((item) => !item.blob && item.state === "waiting")];
}

/** When what the page shows was asked for: what was sent after that may not be in it. */
let asked = askedAt;
if (globalThis.document) {
  document.addEventListener("page-arrived", (/** @type {any} */ { detail }) => (asked = detail.asked));
}

/** @param {{at: number, date: number}} receipt */
function isNewerThanPage({ at, date }) {
  const { cached } = document.documentElement.dataset;
  return cached ? date >= Date.parse(cached) : at > asked;
}

/**
 * @param {Item} item a command
 * @param {string} condition such as "place_id=<uuid>"; "" matches all
 */
export function matches(item, condition) {
  const [name, value] = condition.split("=");
  return !condition || new URLSearchParams(item.body).getAll(name).includes(value);
}
