/** The outbox page: what waits, for which job, since when, why; send, correct, discard. */

import { behaviour } from "../behaviour.js";
import { dress, photoUrl, standing } from "../behaviours/waiting.js";
import { hear } from "../channel.js";
import { clone, setSlots, show, slot } from "../page.js";
import { ago, size, word } from "../words.js";
import { askDiscard, becomeNote, canBecomeNote, canDiscard, resend } from "./decide.js";
import { editUrl } from "./edit.js";
import { entriesOf, groupsOf, shortLabel, sizeOf, textOf } from "./entries.js";
import { whoami } from "./session.js";
import { allItems, canUndo, receiptsSince } from "./store.js";
import { undo } from "./undo.js";

/** @typedef {import("./store.js").Item} Item */
/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {import("./entries.js").Group} Group */

const MINUTE = 60_000;

behaviour("[data-outbox-list]", (/** @type {HTMLElement} */ page) => {
  let drawn = "";
  const draw = async () => {
    const { mine, others } = await whatWaits();
    const now = JSON.stringify([mine.map(({ attempts, due, ...item }) => item), Math.floor(Date.now() / MINUTE)]);
    tellOthers(page, others);
    if (now === drawn) return;
    drawn = now;
    await drawGroups(page, mine);
  };
  draw();
  const timer = setInterval(draw, MINUTE);
  const stop = hear(draw);
  return () => {
    stop();
    clearInterval(timer);
  };
});

async function whatWaits() {
  const me = await whoami();
  const all = await allItems();
  const mine = all.filter((item) => item.person === me);
  return { mine, others: all.length - mine.length };
}

/** @param {HTMLElement} page @param {Item[]} mine */
async function drawGroups(page, mine) {
  const sent = await receiptsSince(await whoami(), 0);
  const known = new Map(sent.map(({ subject, about = "" }) => [subject, about]));
  const groups = await Promise.all(groupsOf(entriesOf(mine), known).map((group) => groupOf(group, mine)));
  const place = page.querySelector("[data-outbox-items]");
  place?.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  place?.replaceChildren(...groups.flat());
}

/** @param {Group} group @param {Item[]} mine @returns {Promise<HTMLElement[]>} */
async function groupOf(group, mine) {
  const element = clone("outbox-group-template");
  if (!element) return [];
  const heading = group.about || word(group.subject ? "about_unknown" : "about_other");
  const url = jobUrl(group);
  setSlots(element, { [url ? "link" : "about"]: heading });
  slot(element, "link")?.setAttribute("href", url);
  const rows = await Promise.all(group.entries.map((entry) => rowOf(entry, mine)));
  element.querySelector("ul")?.append(...rows.flat());
  return [element];
}

/** @param {Group} group */
function jobUrl({ subject, entries }) {
  const isJob = entries.some(({ head }) => head.url.startsWith(`/tickets/${subject}/`) || head.news.includes(subject));
  return subject && isJob ? `/tickets/${subject}` : "";
}

/** @param {Entry} entry @param {Item[]} mine @returns {Promise<HTMLElement[]>} */
async function rowOf(entry, mine) {
  const { head, photos } = entry;
  const row = clone("outbox-item-template", {
    label: head.blob ? word("photos_of", { label: shortLabel(head), count: photos.length }) : shortLabel(head),
    text: textOf(head),
    age: ago(Date.parse(head.madeAt)),
    size: size(sizeOf(entry)),
  });
  if (!row) return [];
  row.dataset.key = head.key;
  row.dataset.state = head.state;
  dress(row, standing(head, mine));
  await drawPhotos(row, photos);
  offerActions(row, head, mine);
  return [row];
}

/** @param {HTMLElement} row @param {Item[]} photos */
async function drawPhotos(row, photos) {
  const place = /** @type {HTMLElement} */ (row.querySelector(".outbox-photos"));
  const images = photos.map(async (photo) => {
    const image = /** @type {HTMLImageElement | null} */ (clone("outbox-photo-template"));
    if (image) image.src = await photoUrl(photo);
    return image ?? [];
  });
  place.replaceChildren(...(await Promise.all(images)).flat());
  show(place, photos.length > 0);
}

/** @param {HTMLElement} row @param {Item} item @param {Item[]} mine */
function offerActions(row, item, mine) {
  const refused = item.state === "refused";
  const undoable = canUndo(item, Date.now());
  const edit = row.querySelector("[data-outbox-edit]");
  edit?.setAttribute("href", editUrl(item));
  if (edit) show(edit, refused && !item.blob && canDiscard(item));
  offer(row, "[data-outbox-resend]", refused, () => resend(item.key));
  offer(row, "[data-outbox-note]", canBecomeNote(item, mine), () => becomeNote(item));
  offer(row, "[data-outbox-undo]", undoable, () => undo(item));
  offer(row, "[data-outbox-discard]", !undoable && canDiscard(item), () => askDiscard(item, mine));
}

/** @param {HTMLElement} row @param {string} selector @param {boolean} possible @param {() => void} act */
function offer(row, selector, possible, act) {
  const button = row.querySelector(selector);
  if (!button) return;
  show(button, possible);
  button.addEventListener("click", act);
}

/** @param {HTMLElement} page @param {number} count */
function tellOthers(page, count) {
  for (const element of page.querySelectorAll("[data-outbox-others]")) {
    element.textContent = count ? word("others_wait", { count }) : "";
    show(element, count > 0);
  }
}
