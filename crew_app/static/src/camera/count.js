/** [data-shots]: the photos a job needs, those that wait on this phone included; when all are there no reason is asked. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { whoami } from "../outbox/session.js";
import { itemsOf } from "../outbox/store.js";
import { show } from "../page.js";

/** @typedef {import("../outbox/store.js").Item} Item */

behaviour("[data-shots]", (/** @type {HTMLElement} */ root) => {
  const look = async () => draw(root, await itemsOf(await whoami()));
  look();
  return hear(look);
});

/** @param {HTMLElement} root @param {Item[]} items */
function draw(root, items) {
  const lines = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-shots-role]")]);
  const lacks = lines.map((line) => count(line, items.filter(({ subject }) => subject === root.dataset.shots)));
  const reason = root.querySelector("[data-shots-reason]");
  if (!reason) return;
  show(reason, lacks.some(Boolean));
  reason.querySelector("textarea")?.toggleAttribute("disabled", !lacks.some(Boolean));
}

/** @param {HTMLElement} line @param {Item[]} items @returns {boolean} whether one is missing */
function count(line, items) {
  const { shotsRole, shotsHave, shotsWanted } = line.dataset;
  const have = Number(shotsHave) + items.reduce((sum, item) => sum + waiting(item, shotsRole ?? ""), 0);
  const number = line.querySelector("[data-shots-count]");
  if (number) number.textContent = String(Math.min(have, Number(shotsWanted)));
  line.toggleAttribute("data-shots-done", have >= Number(shotsWanted));
  return have < Number(shotsWanted);
}

/** @param {Item} item @param {string} role @returns {number} how many originals of this sort it announces */
function waiting({ body, state }, role) {
  const fields = new URLSearchParams(body);
  if (state !== "waiting" || fields.get("role") !== role) return 0;
  const copies = fields.getAll("photo_copy_of").filter(Boolean).length;
  return fields.getAll("photo_id").length - copies;
}
