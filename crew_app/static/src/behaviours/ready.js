/** How much of the work is on this phone, and of when: on a calm page, with a button for who goes down now. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { notice } from "../notices.js";
import { show } from "../page.js";
import { update } from "../service.js";
import { clock, word } from "../words.js";
import { index, manifest } from "../taken.js";

const SHIFT = 12 * 3_600_000;

/** @typedef {{here: number, all: number, asOf: string, done: boolean}} State */

let asked = 0;

behaviour("[data-ready]", (/** @type {HTMLElement} */ panel) => {
  panel.querySelector("[data-ready-update]")?.addEventListener("click", () => {
    asked = Date.now();
    setBusy(panel, true);
    update();
  });
  draw(panel);
  return hear((news) => {
    if (news.type !== "ready") return;
    setBusy(panel, news.busy);
    draw(panel);
    if (!news.busy) answer();
  });
});

/** Whoever pressed the button hears when nothing came of it. */
async function answer() {
  if (asked && ((await manifest())?.at ?? 0) < asked) notice("warn", word("ready_no_answer"));
  asked = 0;
}

/** @param {HTMLElement} panel @param {boolean} busy */
function setBusy(panel, busy) {
  const button = /** @type {HTMLButtonElement | null} */ (panel.querySelector("[data-ready-update]"));
  if (button) button.disabled = busy;
  panel.setAttribute("aria-busy", String(busy));
}

/** @returns {Promise<State | null>} null: nothing yet */
async function state() {
  const [wanted, known] = [await manifest(), await index()];
  if (!wanted) return null;
  const here = wanted.pages.filter(([url, revision]) => known[url]?.revision === revision).length;
  return { here, all: wanted.pages.length, asOf: wanted.asOf, done: wanted.done };
}

/** @param {HTMLElement} panel */
async function draw(panel) {
  const found = await state();
  const text = panel.querySelector("[data-ready-text]");
  if (text) text.textContent = words(found);
  panel.dataset.ready = found?.done ? "yes" : "no";
  const old = found && Date.now() - Date.parse(found.asOf) > SHIFT;
  panel.querySelectorAll("[data-ready-old]").forEach((element) => show(element, Boolean(old)));
}

/** @param {State | null} found */
function words(found) {
  if (!found) return word("ready_not");
  const { here, all, asOf, done } = found;
  return word(done ? "ready" : "ready_partly", { count: here, all, time: clock(asOf) });
}
