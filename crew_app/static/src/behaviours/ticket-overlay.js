/** A ticket page as it will be when what waits on this phone has been sent. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { itemsAbout, matches, stateAfter, stepsAfterPage } from "../outbox/local-state.js";
import { setSlots, show, slot } from "../page.js";
import { refreshPage } from "../outbox/refresh.js";
import { hasWord, word } from "../words.js";
import { photoFigures, waitingRows } from "./waiting.js";

/** @typedef {import("../outbox/store.js").Item} Item */

behaviour("[data-ticket]", (/** @type {HTMLElement} */ article) => {
  article.dataset.serverState = article.dataset.state;
  holdButtons(article, true);
  overlay(article).finally(() => holdButtons(article, false));
  return hear((news) => {
    overlay(article);
    if (news.type === "sent" && news.subject === article.dataset.ticket) catchUp(article);
  });
});

/** Until it is known what waits here, nothing can be pressed that was pressed already. @param {Element} article @param {boolean} held */
function holdButtons(article, held) {
  for (const form of (article.closest("main") ?? article).querySelectorAll("form[data-from]")) form.toggleAttribute("inert", held);
}

/** @param {HTMLElement} article */
async function overlay(article) {
  const { ticket = "", serverState = "" } = article.dataset;
  const items = await itemsAbout(ticket);
  const unknown = isShell() && !items.some((item) => item.news.includes(ticket));
  const state = stateAfter(serverState, await stepsAfterPage(ticket, items));
  const around = article.closest("main") ?? article;
  article.dataset.state = state;
  showPossible(around, unknown && state === serverState ? null : state);
  showState(around, state === serverState ? null : state, items);
  setSlots(around, titleOf(around, ticket, items));
  await listWaiting(around, items);
  around.querySelectorAll("[data-shell-unknown]").forEach((element) => show(element, unknown));
  article.dataset.overlaid = "";
}

function isShell() {
  return document.documentElement.dataset.shell === "ticket";
}

/** @param {Element} around @param {string | null} state null: not known, everything may be possible */
function showPossible(around, state) {
  for (const element of around.querySelectorAll("form[data-from], [data-when]")) {
    const { from, when } = /** @type {HTMLElement} */ (element).dataset;
    const states = (from ?? when ?? "").split(/\s+/);
    show(element, state === null || states.includes(state) || isBeingCorrected(element));
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (around.querySelectorAll("[data-primary-when]"))) {
    element.classList.toggle("btn-primary", state === null || state === element.dataset.primaryWhen);
  }
}

/** @param {Element} element */
function isBeingCorrected(element) {
  return element.matches("[data-replaces]") || element.querySelector("[data-replaces]") !== null;
}

/** @param {Element} around @param {string | null} state null: as the server wrote it @param {Item[]} items */
function showState(around, state, items) {
  const key = `state_${state}`;
  if (hasWord(key))
    around.querySelectorAll("[data-state-label]").forEach((element) => (element.textContent = word(key)));
  for (const chip of /** @type {NodeListOf<HTMLElement>} */ (around.querySelectorAll("[data-state-chip]"))) {
    chip.dataset.serverState ??= chip.dataset.state;
    chip.dataset.state = state ?? chip.dataset.serverState;
    chip.toggleAttribute("data-unsent", state !== null);
  }
  const states = new Set(items.map((item) => item.state));
  around.querySelectorAll("[data-state-pending]").forEach((element) => show(element, states.has("waiting")));
  around.querySelectorAll("[data-state-refused]").forEach((element) => show(element, states.has("refused")));
}

/**
 * The title of a job that only this phone knows.
 * @param {Element} around
 * @param {string} ticket
 * @param {Item[]} items
 */
function titleOf(around, ticket, items) {
  const opening = isShell() && items.find((item) => item.news.includes(ticket));
  return opening && slot(around, "title") ? { title: opening.label } : {};
}

/** @param {Element} around @param {Item[]} items */
async function listWaiting(around, items) {
  const commands = items.filter((item) => !item.blob);
  for (const list of /** @type {NodeListOf<HTMLElement>} */ (around.querySelectorAll("[data-waiting]"))) {
    const { waiting } = list.dataset;
    const here = waiting ? commands.filter((item) => item.url.endsWith(waiting)) : items.filter(isForTheTop);
    fillPlace(list, waitingRows(here, items));
  }
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (around.querySelectorAll("[data-waiting-photos]"))) {
    const wanted = commands.filter((item) => matches(item, place.dataset.waitingPhotos ?? ""));
    fillPlace(place, await photoFigures(items.filter((item) => wanted.some(({ key }) => key === item.after)), items));
  }
}

/** Materials and photos wait where they will appear; what was refused is said at the top in any case. @param {Item} item */
function isForTheTop({ url, blob, state }) {
  return state === "refused" || (!blob && !/\/(materials|photos)$/.test(url));
}

/** @param {HTMLElement} place @param {HTMLElement[]} rows */
function fillPlace(place, rows) {
  place.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  place.replaceChildren(...rows);
  show(place, rows.length > 0);
}

/**
 * Sent in the background: show what the server made of it, once nothing more is on its way.
 * @param {HTMLElement} article
 */
async function catchUp(article) {
  const items = await itemsAbout(article.dataset.ticket ?? "");
  if (article.isConnected && !items.some((item) => item.state === "waiting")) await refreshPage();
}
