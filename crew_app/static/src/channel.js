/** News between tabs, the service worker and this page itself. */

/**
 * @typedef {{type: "outbox"}
 *   | {type: "sent", key: string, subject: string}
 *   | {type: "refused", key: string, subject: string}
 *   | {type: "halted", why: "down" | "session"}
 *   | {type: "person", person: string}
 *   | {type: "fresh", url: string}
 *   | {type: "directory"}
 *   | {type: "notices"}
 *   | {type: "ready", busy: boolean}} News
 */

const channel = new BroadcastChannel("crew");
/** @type {Set<(news: News) => void>} */
const listeners = new Set();

channel.addEventListener("message", (event) => spread(event.data));

/** @param {News} news */
function spread(news) {
  listeners.forEach((listener) => listener(news));
}

/** @param {News} news to everybody, this context included */
export function tell(news) {
  channel.postMessage(news);
  spread(news);
}

/** @param {(news: News) => void} listener for what other tabs and the service worker tell */
export function hearOthers(listener) {
  channel.addEventListener("message", (event) => listener(event.data));
}

/**
 * @param {(news: News) => void} listener
 * @returns {() => void} ends it
 */
export function hear(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
