/**
 * data-waiting-entries="/path": what waits on this phone for what is below that path, and the page again when it was sent.
 * A stock count is shown as it will be then: counted rows go, and stand above the list.
 */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { refreshPage } from "../outbox/refresh.js";
import { whoami } from "../outbox/session.js";
import { itemsOf } from "../outbox/store.js";
import { show } from "../page.js";
import { waitingRows } from "./waiting.js";

/** @typedef {import("../outbox/store.js").Item} Item */

behaviour("[data-waiting-entries]", (/** @type {HTMLElement} */ list) => {
  draw(list);
  return hear(async (news) => {
    const before = Number(list.dataset.waits ?? 0);
    const now = await draw(list);
    if (news.type === "sent" && before && !now && list.isConnected) await refreshPage();
  });
});

/** @param {HTMLElement} list @returns {Promise<number>} how many wait to be sent */
async function draw(list) {
  const all = await itemsOf(await whoami());
  const here = all.filter(({ url }) => isAbout(url, list.dataset.waitingEntries ?? ""));
  const rows = waitingRows(here, all);
  list.replaceChildren(...rows);
  show(list, rows.length > 0);
  hideCounted(list, here);
  const waits = here.filter(({ state }) => state === "waiting").length;
  list.dataset.waits = String(waits);
  return waits;
}

/** @param {string} url @param {string} path */
function isAbout(url, path) {
  return url === path || url.startsWith(`${path}/`);
}

/** @param {HTMLElement} list @param {Item[]} here */
function hideCounted(list, here) {
  const counted = new Set(here.map(({ body }) => new URLSearchParams(body ?? "").get("item_id")));
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (list.closest("main")?.querySelectorAll("[data-count-item]") ?? [])) {
    show(row, !counted.has(row.dataset.countItem ?? ""));
  }
}
