/** What is sent next, and what an answer means. Pure functions. */

/** @typedef {import("./store.js").Item} Item */
/**
 * sent: the server has it. refused: parked until a person decides. later: this item only, try again later.
 * down: no use trying anything now. session: sign-in needed, keep all.
 * @typedef {{kind: "sent", location: string, date: number, held: string}
 *   | {kind: "refused", refusal: import("./store.js").Refusal}
 *   | {kind: "later" | "down", wait?: number}
 *   | {kind: "session"}} Verdict
 */

const BUSY = [408, 425, 429];
const FIRST = 2_000;
const LONGEST = 300_000;
const LONGEST_REASON = 500;

/**
 * The next item to send: small commands first in, first out; then photos. A command waits behind an
 * unsent one of its subject, a photo only behind the command that announces it.
 * @param {Item[]} items of one person, in order
 * @param {number} now
 * @returns {Item | undefined}
 */
export function pick(items, now) {
  return pickCommand(items, now) ?? pickPhoto(items, now);
}

/** @param {Item[]} items @param {number} now */
function pickCommand(items, now) {
  const stuck = new Set();
  for (const item of items.filter((one) => !one.blob)) {
    const line = item.subject || item.key;
    if (stuck.has(line)) continue;
    if (isDue(item, now)) return item;
    stuck.add(line);
  }
}

/** @param {Item[]} items @param {number} now */
function pickPhoto(items, now) {
  const unsent = new Set(items.map((item) => item.key));
  return items.find((item) => item.blob && isDue(item, now) && !unsent.has(item.after ?? ""));
}

/** @param {Item} item @param {number} now */
function isDue(item, now) {
  return item.state === "waiting" && item.due <= now;
}

/**
 * Whether an item cannot go before a person has decided about a refused one.
 * @param {Item} item
 * @param {Item[]} items
 * @returns {boolean}
 */
export function isHeldUp(item, items) {
  if (item.state !== "waiting") return false;
  if (item.blob)
    return items.some((other) => other.key === item.after && (other.state === "refused" || isHeldUp(other, items)));
  const before = items.filter(
    (other) => !other.blob && other.subject === item.subject && (other.seq ?? 0) < (item.seq ?? 0),
  );
  return Boolean(item.subject) && before.some((other) => other.state === "refused");
}

/** @param {number} attempts @returns {number} ms: 2 s doubling to 5 min */
export function backOff(attempts) {
  return Math.min(FIRST * 2 ** Math.max(0, attempts - 1), LONGEST);
}

/** @param {Item} item @returns {number} ms; a command gets a minute, a large photo on a slow line more */
export function patience(item) {
  return 60_000 + (item.blob ? item.size / 50 : 0);
}

/**
 * @param {Response} response
 * @param {string} key of the item that was sent
 * @returns {Promise<Verdict>}
 */
export async function judge(response, key) {
  const ours = response.headers.get("Crew-Receipt") === key;
  if (isRedirect(response) || (!ours && [401, 403].includes(response.status))) return { kind: "session" };
  if (response.ok && ours) return sent(response);
  if (response.status === 413) return refused(response);
  return trouble(response, ours) ?? (await refused(response));
}

/** @param {Response} response */
function isRedirect(response) {
  return response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400);
}

/** @param {Response} response @returns {Verdict} */
function sent({ headers }) {
  const [location, held] = ["Crew-Location", "Crew-Held"].map((name) => headers.get(name) ?? "");
  return { kind: "sent", location, held, date: serverTime(headers) };
}

/** @param {Headers} headers @returns {number} the server's clock when it answered; ours when it does not say */
export function serverTime(headers) {
  // A proxy may have added a second Date; the first is enough.
  const [first] = (headers.get("Date") ?? "").split(/(?<=GMT),/);
  return Date.parse(first) || Date.now();
}

/** @param {Response} response @param {boolean} ours @returns {Verdict | undefined} */
function trouble({ status, headers }, ours) {
  const wait = Number(headers.get("Retry-After")) * 1000 || undefined;
  if (status === 500 || (status === 409 && ours)) return { kind: "later", wait };
  if (status > 500 || BUSY.includes(status)) return { kind: "down", wait };
  if (!ours) return { kind: status >= 400 ? "later" : "down" };
}

/** @param {Response} response @returns {Promise<Verdict>} */
async function refused(response) {
  const plain = (response.headers.get("Content-Type") ?? "").startsWith("text/plain");
  const reason = plain ? (await response.text()).slice(0, LONGEST_REASON).trim() : "";
  const code = response.headers.get("Crew-Refusal") ?? (response.status === 413 ? "too-large" : "");
  return { kind: "refused", refusal: { status: response.status, code, reason } };
}
