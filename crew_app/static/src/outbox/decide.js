/** What a person can do about an entry: send it again, keep its words as a note, discard it. */

import { ask } from "../dialogs.js";
import { stockItems } from "../directory.js";
import { sha256, uuid7 } from "../ids.js";
import { word } from "../words.js";
import { textOf } from "./entries.js";
import { reasonOf } from "./reasons.js";
import { flush } from "./sender.js";
import { discard, itemsOf, save, update } from "./store.js";

/** @typedef {import("./store.js").Item} Item */

const TELL = "/sync/discards";
const ON_A_TICKET = /^\/tickets\/([0-9a-f-]{36})\/(?!notes$|photos$)/;
const FORM = "application/x-www-form-urlencoded;charset=UTF-8";
const NOT_FOR_ME = [403, 404];

/** @param {string} key */
export async function resend(key) {
  await update(key, { state: "waiting", refusal: undefined, due: 0, attempts: 0 });
  await flush();
}

/** What tells the server of a discard is not discarded itself. @param {Item} item */
export function canDiscard(item) {
  return item.url !== TELL;
}

/** @param {Item} item @param {Item[]} mine @returns {boolean} whether its job can be told in words instead */
export function canBecomeNote(item, mine) {
  const hasPhotos = mine.some(({ after }) => after === item.key);
  const seen = !NOT_FOR_ME.includes(item.refusal?.status ?? 0);
  return item.state === "refused" && ON_A_TICKET.test(item.url) && !hasPhotos && seen;
}

/** @param {Item} item a refused one @returns {Promise<boolean>} */
export async function becomeNote(item) {
  const text = [item.label, await materialOf(item), textOf(item)].filter(Boolean).join(" · ");
  const body = new URLSearchParams({ note: word("note_instead", { text }) }).toString();
  const url = `/tickets/${ON_A_TICKET.exec(item.url)?.[1]}/notes`;
  const { refusal, seq, ...rest } = item;
  const label = word("note_label", { label: item.label });
  await save(await commandOf({ ...rest, url, body, label }), [], { replaces: item.key });
  await flush();
  return true;
}

/** In entries of older pages the label does not say it. @param {Item} item */
async function materialOf({ body, label }) {
  const fields = new URLSearchParams(body);
  const item = (await stockItems()).find(({ id }) => id === fields.get("item_id"));
  return item && !label.includes(item.name) ? `${item.name} ${item.spec} × ${fields.get("quantity")} ${item.unit}` : "";
}

/**
 * Asked twice: nobody else has it.
 * @param {Item} item
 * @param {Item[]} mine
 * @returns {Promise<boolean>} whether it is gone
 */
export async function askDiscard(item, mine) {
  const later = mine.filter((other) => other.after !== item.key && isAfter(other, item)).length;
  const warning = later ? ` ${word("discard_later", { count: later })}` : "";
  const question = word("discard_question", { label: item.label }) + warning;
  if (!(await sure(question, word("discard")))) return false;
  if (!(await sure(word("discard_really"), word("discard_for_good")))) return false;
  await discard(item.key, await tellingOf(item, await itemsOf(item.person)));
  flush();
  return true;
}

/** @param {string} text @param {string} ok */
async function sure(text, ok) {
  const answer = await ask("confirm-template", { text, ok }, (dialog) => {
    dialog.querySelector('[value="ok"]')?.classList.replace("btn-primary", "btn-danger");
  });
  return answer === "ok";
}

/** @param {Item} other @param {Item} item */
function isAfter(other, item) {
  return !item.blob && !other.blob && Boolean(item.subject) && other.subject === item.subject && (other.seq ?? 0) > (item.seq ?? 0);
}

/**
 * The command that tells the server what was discarded: by its hash, so that it can be proved later.
 * @param {Item} item
 * @param {Item[]} mine
 * @returns {Promise<Item>}
 */
async function tellingOf(item, mine) {
  const photos = item.blob ? 1 : mine.filter(({ after }) => after === item.key).length;
  const fields = { discarded_key: item.key, sha256: item.sha256, label: item.label, url: item.url };
  const counts = { made_at: item.madeAt, size: String(item.size), photos: String(photos) };
  return commandOf({
    ...emptied(item),
    url: TELL,
    body: new URLSearchParams({ ...fields, ...counts }).toString(),
    label: word("discarded", { label: item.label }),
    subject: isUnheardOf(item, mine) ? item.subject : "",
    madeAt: new Date().toISOString(),
    page: "/outbox",
  });
}

/** @param {Item} item */
function emptied({ seq, blob, after, refusal, undo, ...item }) {
  return item;
}

/** The job itself still waits before it: its story is told after it was opened. @param {Item} item @param {Item[]} mine */
function isUnheardOf(item, mine) {
  return mine.some((other) => other.key !== item.key && other.state === "waiting" && other.news.includes(item.subject));
}

/** A fresh small command that leads to no state. @param {Item & {body: string}} item @returns {Promise<Item>} */
async function commandOf(item) {
  const bytes = new TextEncoder().encode(item.body);
  const fresh = { key: uuid7(), type: FORM, from: [], to: "", news: [], attempts: 0, due: 0, state: /** @type {const} */ ("waiting") };
  return { ...item, ...fresh, sha256: await sha256(bytes), size: bytes.length, undo: false };
}

/**
 * A refused entry that has no form to correct it in: what can be done all the same.
 * @param {Item} item
 * @param {Item[]} mine
 */
export async function askWhatToDo(item, mine) {
  const noted = canBecomeNote(item, mine);
  const answer = await ask("decision-template", slotsOf(item), (dialog) => {
    dialog.querySelector('[value="note"]')?.toggleAttribute("hidden", !noted);
    dialog.querySelector('[value="discard"]')?.toggleAttribute("hidden", !canDiscard(item));
  });
  if (answer === "resend") await resend(item.key);
  if (answer === "note") await becomeNote(item);
  if (answer === "discard") await askDiscard(item, mine);
}

/** @param {Item} item */
function slotsOf(item) {
  const reason = item.refusal ? reasonOf(item.refusal) : "";
  return { label: item.label, about: item.about ?? "", reason, text: textOf(item) || word("no_form") };
}
