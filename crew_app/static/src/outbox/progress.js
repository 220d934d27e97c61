/** How sending stands, above what waits: sending 3 of 12, no network, sign in again, or simply waiting. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { setSlots, show, showAll } from "../page.js";
import { clock, size, word } from "../words.js";
import { blockerOf, entriesOf } from "./entries.js";
import { pick } from "./rules.js";
import { nextTry } from "./schedule.js";
import { flush, pause } from "./sender.js";
import { whoami } from "./session.js";
import { itemsOf, update } from "./store.js";

/** @typedef {import("./store.js").Item} Item */
/** @typedef {{waiting: Item[], refused: Item[], now: Item | undefined, sent: number, left: number}} Standing */

const TICK = 1_000;

behaviour("[data-outbox-now]", (/** @type {HTMLElement} */ panel) => {
  let sent = 0;
  const draw = async () => {
    const standing = await look(sent);
    if (!standing.waiting.length) sent = 0;
    await fill(panel, standing);
  };
  panel.querySelector("[data-outbox-send]")?.addEventListener("click", sendNow);
  draw();
  const timer = setInterval(() => document.hidden || draw(), TICK);
  const stop = hear((news) => {
    if (news.type === "sent") sent += 1;
    draw();
  });
  return () => {
    stop();
    clearInterval(timer);
  };
});

/** @param {number} sent @returns {Promise<Standing>} */
async function look(sent) {
  const items = await itemsOf(await whoami());
  const [waiting, refused] = ["waiting", "refused"].map((state) => items.filter((item) => item.state === state));
  const now = (await isSending()) ? pick(items, Date.now()) : undefined;
  return { waiting, refused, now, sent, left: waiting.reduce((sum, item) => sum + item.size, 0) };
}

/** Whoever sends, in whichever tab or worker, holds this lock. */
async function isSending() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some(({ name }) => name === "crew-outbox");
}

/** @param {HTMLElement} panel @param {Standing} standing */
async function fill(panel, standing) {
  const { waiting, refused, now, sent, left } = standing;
  const held = await pause();
  const total = sent + waiting.length;
  const title = now ? word("sending", { number: sent + 1, total }) : headline(waiting, refused);
  setSlots(panel, { title });
  show(panel, waiting.length + refused.length > 0);
  tell(panel, now ? word("sending_what", { label: now.label, size: size(left) }) : await hint(standing, held));
  showBar(panel, now ? { value: sent, max: total } : null);
  showAll("[data-outbox-send]", !now && waiting.some((item) => !blockerOf(item, [...waiting, ...refused])));
  showAll("[data-outbox-export]", waiting.length + refused.length > 0);
}

/** @param {Item[]} waiting @param {Item[]} refused */
function headline(waiting, refused) {
  const [entries, decisions] = [waiting, refused].map((items) => entriesOf(items).length);
  const parts = [entries && word("entries_wait", { count: entries }), decisions && word("entries_refused", { count: decisions })];
  return parts.filter(Boolean).join(" · ");
}

/** @param {Standing} standing @param {import("./sender.js").Pause | undefined} held */
async function hint({ waiting, refused }, held) {
  if (!waiting.length) return word("decide_below");
  if (waiting.every((item) => blockerOf(item, [...refused, ...waiting]))) return word("decide_first");
  if (!navigator.onLine) return word("no_network");
  const next = await nextTry();
  return held && next && next > Date.now() ? word(`halted_${held.why}`, { time: clock(next) }) : word("sent_by_itself");
}

/** @param {HTMLElement} panel @param {string} text */
function tell(panel, text) {
  for (const element of panel.querySelectorAll("[data-outbox-status]")) {
    if (element.textContent !== text) element.textContent = text;
    show(element, Boolean(text));
  }
}

/** @param {HTMLElement} panel @param {{value: number, max: number} | null} state */
function showBar(panel, state) {
  const bar = /** @type {HTMLProgressElement | null} */ (panel.querySelector("[data-outbox-progress]"));
  if (!bar) return;
  show(bar, state !== null);
  if (state) Object.assign(bar, { max: state.max, value: state.value });
}

async function sendNow() {
  const items = await itemsOf(await whoami());
  const later = items.filter((item) => item.state === "waiting" && item.due > Date.now());
  await Promise.all(later.map((item) => update(item.key, { due: 0 })));
  await flush();
}
