/** A command that ends a job is held back for some seconds: it can be undone while nobody has heard of it. */

import { hear } from "../channel.js";
import { notice } from "../notices.js";
import { actionOf } from "../page.js";
import { word } from "../words.js";
import { restoreDraft } from "./drafts.js";
import { shortLabel } from "./entries.js";
import { whoami } from "./session.js";
import { canUndo, itemByKey, itemsOf, takeBack } from "./store.js";

/** @typedef {import("./store.js").Item} Item */

/** After going to another page, or after the app was closed: for the rest of the time. */
export async function offerUndoAgain() {
  const items = await itemsOf(await whoami());
  items.filter((item) => canUndo(item, Date.now())).forEach(offerUndo);
}

/** @param {Item} item */
export function offerUndo(item) {
  const shown = notice("info", shortLabel(item), word("undo_text"), { text: word("undo"), act: () => undo(item) });
  if (shown) shown.parentElement?.prepend(shown);
  const stop = hear(() => removeWhenOver());
  const timer = setTimeout(over, item.due - Date.now());
  async function removeWhenOver() {
    if (!canUndo(await itemByKey(item.key), Date.now())) over();
  }
  function over() {
    stop();
    clearTimeout(timer);
    shown?.remove();
  }
}

/** @param {Item} item */
export async function undo(item) {
  if (!(await takeBack(item.key, draftOf(item)))) return notice("warn", word("undo_late"), word("undo_late_text"));
  notice("success", word("undone"));
  const form = formOf(item);
  if (form) await restoreDraft(form);
}

/** What was typed, so that the form has it again. @param {Item} item */
function draftOf({ person, page, url, body }) {
  const fields = /** @type {[string, string][]} */ ([...new URLSearchParams(body)]);
  const [path] = page.split(/[?#]/);
  return { id: [person, path, url, ""].join(" "), person, fields, photos: [], at: Date.now() };
}

/** @param {Item} item @returns {HTMLFormElement | undefined} */
function formOf(item) {
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-undo]"));
  return [...forms].find((form) => actionOf(form) === item.url);
}
