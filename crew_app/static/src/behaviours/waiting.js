/** Rows and pictures for what waits, and the lists of jobs that only this phone knows. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { editUrl } from "../outbox/edit.js";
import { blockerOf, entriesOf, shortLabel, textOf } from "../outbox/entries.js";
import { itemsAbout, matches } from "../outbox/local-state.js";
import { reasonOf } from "../outbox/reasons.js";
import { whoami } from "../outbox/session.js";
import { itemsOf, photoBytes } from "../outbox/store.js";
import { clone, setSlots, show, slot } from "../page.js";
import { ago, hasWord, word } from "../words.js";

/** @typedef {import("../outbox/store.js").Item} Item */

/** @typedef {{kind: "waiting" | "held" | "refused", words: string, reason: string}} Standing */

/**
 * How an entry stands, in words: waiting, waiting for a refused one, or refused and why.
 * @param {Item} item
 * @param {Item[]} all items of the same person
 * @returns {Standing}
 */
export function standing(item, all) {
  const { state, refusal } = item;
  if (state === "refused") return { kind: state, words: word("state_refused"), reason: refusal ? reasonOf(refusal) : "" };
  const blocker = blockerOf(item, all);
  if (!blocker) return { kind: "waiting", words: word("state_waiting"), reason: "" };
  return { kind: "held", words: word("state_waiting"), reason: word("held_up", { label: shortLabel(blocker) }) };
}

/** @param {HTMLElement} element @param {Standing} standing */
export function dress(element, { kind, words, reason }) {
  element.dataset.standing = kind;
  setSlots(element, { state: words, reason });
}

/**
 * @param {Item[]} items
 * @param {Item[]} all items of the same person, to see what is held up
 * @param {(item: Item) => string} [link]
 * @returns {HTMLElement[]}
 */
export function waitingRows(items, all, link = () => "") {
  return items.flatMap((item) => {
    const row = clone("waiting-template", {
      label: item.blob ? word("photos_of", { label: shortLabel(item), count: 1 }) : (link(item) && item.label) || shortLabel(item),
      text: textOf(item),
      age: ago(Date.parse(item.madeAt)),
    });
    if (row) dress(row, standing(item, all));
    if (row) setLink(row, item, link(item));
    return row ?? [];
  });
}

/** What was refused leads to where it can be corrected. @param {HTMLElement} row @param {Item} item @param {string} url */
function setLink(row, item, url) {
  const refused = item.state === "refused";
  const href = refused && !item.blob ? editUrl(item) : refused ? "/outbox" : url;
  setSlots(row, { link: href && word(refused ? "correct" : "show") });
  slot(row, "link")?.setAttribute("href", href);
}

/** @param {Item[]} photos @param {Item[]} all @returns {Promise<HTMLElement[]>} */
export async function photoFigures(photos, all) {
  const figures = photos.map(async (item) => {
    const figure = clone("waiting-photo-template", { age: ago(Date.parse(item.madeAt)) });
    const command = all.find(({ key }) => key === item.after);
    if (figure) dress(figure, standing(command ?? item, all));
    const image = figure && /** @type {HTMLImageElement | null} */ (slot(figure, "image"));
    if (image) image.src = await photoUrl(item);
    return figure ?? [];
  });
  return (await Promise.all(figures)).flat();
}

/** @param {Item} item @returns {Promise<string>} to be revoked by who shows it */
export async function photoUrl(item) {
  const bytes = (item.blob && (await photoBytes(item.blob))) || new ArrayBuffer(0);
  return URL.createObjectURL(new Blob([bytes], { type: item.type }));
}

behaviour("[data-waiting-tickets]", (/** @type {HTMLElement} */ list) => {
  const draw = () => drawTickets(list);
  draw();
  return hear(draw);
});

/** @param {HTMLElement} list */
async function drawTickets(list) {
  const items = await itemsOf(await whoami());
  const opened = items.filter(
    (item) => item.news.length && item.url === "/tickets" && matches(item, list.dataset.waitingTickets ?? ""),
  );
  const rows = waitingRows(opened, items, (item) => `/tickets/${item.news[0]}`);
  rows.forEach((row, place) => setSlots(row, { becomes: becomes(items, opened[place].news[0]) }));
  list.replaceChildren(...rows);
  show(list, list.childElementCount > 0);
}

/** The state a job will be in when all of it has been sent. @param {Item[]} items @param {string} subject */
function becomes(items, subject) {
  const { to } = items.findLast((item) => item.subject === subject && item.to && item.state === "waiting") ?? {};
  return to && hasWord(`state_${to}`) ? word("state_not_sent", { state: word(`state_${to}`) }) : "";
}

behaviour("[data-waiting-for]", (/** @type {HTMLElement} */ mark) => {
  const draw = () => drawMark(mark);
  draw();
  return hear(draw);
});

/** @param {HTMLElement} mark of a job in a list */
async function drawMark(mark) {
  const { waitingFor = "" } = mark.dataset;
  const items = await itemsAbout(waitingFor);
  const refused = items.filter((item) => item.state === "refused").length;
  const count = entriesOf(items).length - refused;
  const waiting = becomes(items, waitingFor) || word("waiting_count", { count });
  mark.dataset.kind = refused ? "danger" : "warn";
  setSlots(mark, { text: refused ? word("refused_count", { count: refused }) : waiting });
  show(mark, items.length > 0);
}
