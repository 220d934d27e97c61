/** The two generic pages that stand in for pages this phone has never seen. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { findTag, openAt, plainCode } from "../directory.js";
import { notice } from "../notices.js";
import { clone, setSlots, show, slot } from "../page.js";
import { grouped } from "../scanner/codes.js";
import { keepScan } from "../scanner/history.js";
import { clock, fill, word } from "../words.js";

/** @typedef {import("../directory.js").Tag} Tag */

const PLACEHOLDER = "00000000-0000-0000-0000-000000000000";

/** Before anything reads the page: put the ticket's id where the shell has none. */
export function fillTicketShell() {
  const id = /^\/tickets\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1];
  if (!id || !document.querySelector(`[data-ticket="${PLACEHOLDER}"]`)) return;
  for (const element of document.querySelectorAll("#main *")) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replaceAll(PLACEHOLDER, id);
  }
}

behaviour("[data-tag-shell]", (/** @type {HTMLElement} */ root) => {
  fillTagShell(root);
  return hear((news) => news.type === "directory" && fillTagShell(root));
});

/** @param {HTMLElement} root */
async function fillTagShell(root) {
  const code = plainCode(decodeURIComponent(location.pathname.split("/")[2] ?? ""));
  const tag = await findTag(code);
  showAllIn(root, "[data-shell-known]", tag !== undefined);
  showAllIn(root, "[data-shell-unknown]", tag === undefined);
  setSlots(root, { code });
  if (!tag) return offerToKeep(root, code);
  describe(root, tag);
  showDoor(root, tag);
  showWaiting(root, tag);
  await showOpen(root, tag);
}

/** @param {HTMLElement} root @param {string} selector @param {boolean} visible */
function showAllIn(root, selector, visible) {
  root.querySelectorAll(selector).forEach((element) => show(element, visible));
}

/** @param {HTMLElement} root @param {Tag} tag */
function describe(root, tag) {
  const { name, path, code, kind } = tag;
  setSlots(root, { name, path, code, kind: word(`kind_${kind}`) });
  setField(root, "place_id", tag.placeId);
  setField(root, "asset_id", kind === "asset" ? tag.subjectId : "");
  root.dataset.about = fill(root.dataset.about ?? "", { name, path });
  for (const form of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-label]"))) {
    form.dataset.label = fill(form.dataset.label ?? "", { name, path, code });
  }
  document.title = name;
}

/** @param {HTMLElement} root @param {string} name @param {string} value */
function setField(root, name, value) {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll(`input[name="${name}"]`));
  fields.forEach((field) => (field.value = value));
}

/** What to know before the door, as it was when the phone last asked. @param {HTMLElement} root @param {Tag} tag */
function showDoor(root, { door }) {
  const [isolation = "", quiet = "", access = "", contact = "", phone = ""] = door;
  const lines = { isolation, quiet, access, contact, phone };
  setSlots(root, lines);
  slot(root, "phone")?.setAttribute("href", `tel:${phone.replace(/ /g, "")}`);
  for (const [name, words] of Object.entries({ ...lines, contact: contact || phone })) {
    root.querySelectorAll(`[data-door="${name}"]`).forEach((line) => show(line, words !== ""));
  }
  root.querySelectorAll("[data-door-card]").forEach((card) => show(card, door.some(Boolean)));
}

/** What waits on this phone for this place. @param {HTMLElement} root @param {Tag} tag */
function showWaiting(root, { placeId }) {
  const list = clone("waiting-here-template");
  if (list) list.dataset.waitingTickets = `place_id=${placeId}`;
  root.querySelector("[data-waiting-here]")?.replaceChildren(...(list ? [list] : []));
}

/** @param {HTMLElement} root @param {Tag} tag */
async function showOpen(root, tag) {
  const found = await openAt(tag);
  const rows = (found?.jobs ?? []).flatMap((job) => openRow(job) ?? []);
  const key = rows.length ? "open_as_of" : "open_none";
  setSlots(root, { "open-as-of": found ? word(key, { time: clock(found.asOf) }) : word("open_unknown") });
  root.querySelector("[data-open-rows]")?.replaceChildren(...rows);
}

/** @param {import("../directory.js").OpenJob} job */
function openRow({ id, number, name, state, since }) {
  const row = clone("open-here-template", { kind: name, number, state: word(`state_${state}`), since: clock(since) });
  if (!row) return;
  slot(row, "kind")?.setAttribute("href", `/tickets/${id}`);
  slot(row, "state")?.setAttribute("data-state", state);
  const waiting = /** @type {HTMLElement | null} */ (row.querySelector("[data-waiting-for]"));
  if (waiting) waiting.dataset.waitingFor = id;
  return row;
}

/**
 * A tag the phone does not know may be new; the list of scans names it when the directory does.
 * @param {HTMLElement} root
 * @param {string} code
 */
function offerToKeep(root, code) {
  const button = /** @type {HTMLButtonElement | null} */ (root.querySelector("[data-keep-tag]"));
  if (!button) return;
  button.onclick = () => {
    keepScan({ code, at: Date.now(), name: "", path: "" });
    button.disabled = true;
    notice("success", word("scan_kept_unknown", { name: grouped(code) }));
  };
}
