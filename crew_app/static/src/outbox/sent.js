/** What this phone has sent today, and what a supervisor still decides about. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { clone, setSlots, show, slot } from "../page.js";
import { clock, word } from "../words.js";
import { shortLabel } from "./entries.js";
import { whoami } from "./session.js";
import { receiptsSince } from "./store.js";

/** @typedef {import("./store.js").Receipt} Receipt */

const SHOWN = 30;

behaviour("[data-outbox-sent]", (/** @type {HTMLElement} */ section) => {
  const draw = () => drawSent(section);
  draw();
  return hear((news) => news.type === "sent" && draw());
});

/** @param {HTMLElement} section */
async function drawSent(section) {
  const all = await receiptsSince(await whoami(), 0);
  const today = new Date().setHours(0, 0, 0, 0);
  // A photo is part of its command, not an entry of its own.
  const found = all.filter(({ at, held, after }) => !after && (held || at >= today));
  const known = new Map(all.filter(({ about }) => about).map(({ subject, about }) => [subject, about]));
  const rows = found.slice(0, SHOWN).map((receipt) => ({ ...receipt, about: receipt.about || known.get(receipt.subject) }));
  section.querySelector("[data-outbox-sent-items]")?.replaceChildren(...rows.flatMap(rowOf));
  setSlots(section, { count: String(found.length) });
  show(section, found.length > 0);
}

/** @param {Receipt} receipt */
function rowOf({ label, about, at, held, location }) {
  const row = clone("outbox-sent-template", { label: shortLabel({ label, about }), about, time: clock(at), held: held && word(`held_${held}`) });
  if (!row) return [];
  if (held) row.dataset.held = held;
  if (location) slot(row, "label")?.setAttribute("href", location);
  else slot(row, "label")?.removeAttribute("href");
  return [row];
}
