/** Rows and pictures for what waits, and the lists of jobs that only this phone knows. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { editUrl } from "../outbox/edit.js";
import { itemsAbout, matches } from "../outbox/local-state.js";
import { reasonOf } from "../outbox/reasons.js";
import { isHeldUp } from "../outbox/rules.js";
import { whoami } from "../outbox/session.js";
import { itemsOf, photoBytes } from "../outbox/store.js";
import { clone, show, slot } from "../page.js";
import { ago, word } from "../words.js";

/** @typedef {import("../outbox/store.js").Item} Item */

/**
 * @param {Item[]} commands
 * @param {Item[]} all items of the same person, to see what is held up
 * @param {(item: Item) => string} [link]
 * @returns {HTMLElement[]}
 */
export function waitingRows(commands, all, link = () => "") {
  return commands.flatMap((item) => {
    const row = clone("waiting-template", {
      label: item.label,
      age: ago(Date.parse(item.madeAt)),
      reason: why(item, all),
    });
    row?.toggleAttribute("data-refused", item.state === "refused");
    if (row) setLink(row, item.state === "refused" ? editUrl(item) : link(item));
    return row ?? [];
  });
}

/** @param {Item} item @param {Item[]} all */
function why(item, all) {
  if (item.refusal && item.state === "refused") return reasonOf(item.refusal);
  return isHeldUp(item, all) ? word("held_up") : "";
}

/** @param {HTMLElement} row @param {string} url */
function setLink(row, url) {
  const link = slot(row, "link");
  if (!link) return;
  link.setAttribute("href", url);
  show(link, Boolean(url));
}

/** @param {Item[]} photos @returns {Promise<HTMLElement[]>} */
export async function photoFigures(photos) {
  const figures = photos.map(async (item) => {
    const figure = clone("waiting-photo-template", { age: ago(Date.parse(item.madeAt)) });
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
  list.replaceChildren(...waitingRows(opened, items, (item) => `/tickets/${item.news[0]}`));
  show(list, list.childElementCount > 0);
}

behaviour("[data-waiting-for]", (/** @type {HTMLElement} */ mark) => {
  const draw = async () => {
    const { length } = (await itemsAbout(mark.dataset.waitingFor ?? "")).filter((item) => !item.blob);
    mark.textContent = length ? word("waiting_count", { count: length }) : "";
    show(mark, length > 0);
  };
  draw();
  return hear(() => draw());
});
