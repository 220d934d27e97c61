/** What became of a saved command, as far as it is known after a short wait. */

import { hear } from "../channel.js";
import { flush } from "./sender.js";
import { itemByKey, receiptOf } from "./store.js";

const WAIT = 4_000;

/**
 * @typedef {{kind: "sent", location: string, held?: string}
 *   | {kind: "refused", refusal: import("./store.js").Refusal}
 *   | {kind: "waiting"}} Outcome
 */

/** @param {string} key @returns {Promise<Outcome>} */
export async function deliver(key) {
  const { promise: news, end } = newsOf(key);
  await Promise.race([news, flush(), sleep(WAIT)]);
  end();
  return look(key);
}

/** @param {string} key @returns {Promise<Outcome>} */
async function look(key) {
  const item = await itemByKey(key);
  if (item?.refusal && item.state === "refused") return { kind: "refused", refusal: item.refusal };
  if (item) return { kind: "waiting" };
  const { location = "", held } = (await receiptOf(key)) ?? {};
  return { kind: "sent", location, held };
}

/** @param {string} key */
function newsOf(key) {
  let end = () => {};
  const promise = new Promise((resolve) => {
    end = hear((news) => "key" in news && news.key === key && resolve(undefined));
  });
  return { promise, end };
}

/** @param {number} ms */
function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
