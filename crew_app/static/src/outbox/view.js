/** The outbox page: what waits, since when, why; send, correct, discard, save as a file. */

import { behaviour } from "../behaviour.js";
import { photoUrl } from "../behaviours/waiting.js";
import { hear } from "../channel.js";
import { ask } from "../dialogs.js";
import { clone, setSlots, show, slot } from "../page.js";
import { ago, clock, size, word } from "../words.js";
import { editUrl } from "./edit.js";
import { reasonOf } from "./reasons.js";
import { isHeldUp } from "./rules.js";
import { nextTry } from "./schedule.js";
import { flush, pause } from "./sender.js";
import { whoami } from "./session.js";
import { allItems, discard, update } from "./store.js";

/** @typedef {import("./store.js").Item} Item */

behaviour("[data-outbox-list]", (/** @type {HTMLElement} */ page) => {
  page.querySelector("[data-outbox-send]")?.addEventListener("click", sendNow);
  draw(page);
  return hear(() => draw(page));
});

/** @param {HTMLElement} page */
async function draw(page) {
  const me = await whoami();
  const all = await allItems();
  const mine = all.filter((item) => item.person === me);
  const rows = await Promise.all(mine.map((item) => rowOf(item, mine)));
  replaceRows(page, rows.flat());
  tellOthers(page, all.length - mine.length);
  await tellStatus(page);
}

/** @param {HTMLElement} page @param {HTMLElement[]} rows */
function replaceRows(page, rows) {
  const list = page.querySelector("[data-outbox-items]");
  list?.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  list?.replaceChildren(...rows);
}

/** @param {Item} item @param {Item[]} mine @returns {Promise<HTMLElement[]>} */
async function rowOf(item, mine) {
  const row = clone("outbox-item-template", {
    label: item.blob ? word("photo_of", { label: item.label }) : item.label,
    age: ago(Date.parse(item.madeAt)),
    size: size(item.size),
    state: word(stateOf(item, mine)),
    reason: item.state === "refused" && item.refusal ? reasonOf(item.refusal) : "",
  });
  if (!row) return [];
  row.dataset.key = item.key;
  row.dataset.state = item.state;
  await drawPhoto(row, item);
  offerActions(row, item, mine);
  return [row];
}

/** @param {Item} item @param {Item[]} mine */
function stateOf(item, mine) {
  if (item.state === "refused") return "state_refused";
  return isHeldUp(item, mine) ? "held_up" : "state_waiting";
}

/** @param {HTMLElement} row @param {Item} item */
async function drawPhoto(row, item) {
  const image = /** @type {HTMLImageElement | null} */ (slot(row, "image"));
  if (!image || !item.blob) return;
  image.src = await photoUrl(item);
  show(image, true);
}

/** @param {HTMLElement} row @param {Item} item @param {Item[]} mine */
function offerActions(row, item, mine) {
  const refused = item.state === "refused";
  const edit = row.querySelector("[data-outbox-edit]");
  edit?.setAttribute("href", editUrl(item));
  if (edit) show(edit, refused && !item.blob);
  offer(row, "[data-outbox-resend]", refused, () => resend(item.key));
  offer(row, "[data-outbox-discard]", true, () => askTwice(item, mine));
}

/** @param {HTMLElement} row @param {string} selector @param {boolean} possible @param {() => void} act */
function offer(row, selector, possible, act) {
  const button = row.querySelector(selector);
  if (!button) return;
  show(button, possible);
  button.addEventListener("click", act);
}

/** @param {string} key */
async function resend(key) {
  await update(key, { state: "waiting", refusal: undefined, due: 0, attempts: 0 });
  await flush();
}

/** @param {Item} item @param {Item[]} mine */
async function askTwice(item, mine) {
  const later = mine.filter((other) => other.key !== item.key && other.after !== item.key && isAfter(other, item));
  const warning = later.length ? ` ${word("discard_later", { count: later.length })}` : "";
  const first = await ask("confirm-template", {
    text: word("discard_question", { label: item.label }) + warning,
    ok: word("discard"),
  });
  if (first !== "ok") return;
  const second = await ask("confirm-template", { text: word("discard_really"), ok: word("discard_for_good") });
  if (second === "ok") await discard(item.key);
}

/** @param {Item} other @param {Item} item */
function isAfter(other, item) {
  return !item.blob && Boolean(item.subject) && other.subject === item.subject && (other.seq ?? 0) > (item.seq ?? 0);
}

async function sendNow() {
  const mine = (await allItems()).filter((item) => item.state === "waiting" && item.due > Date.now());
  await Promise.all(mine.map((item) => update(item.key, { due: 0 })));
  await flush();
}

/** @param {HTMLElement} page @param {number} count */
function tellOthers(page, count) {
  for (const element of page.querySelectorAll("[data-outbox-others]")) {
    element.textContent = count ? word("others_wait", { count }) : "";
    show(element, count > 0);
  }
}

/** @param {HTMLElement} page */
async function tellStatus(page) {
  const [held, next] = [await pause(), await nextTry()];
  for (const element of page.querySelectorAll("[data-outbox-status]")) {
    element.textContent = held && next ? word(`halted_${held.why}`, { time: clock(next) }) : "";
    show(element, Boolean(element.textContent));
  }
}
