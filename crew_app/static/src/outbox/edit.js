/** Correcting what was refused: /page#outbox-<key> fills the form it came from. */

import { notice } from "../notices.js";
import { actionOf, show } from "../page.js";
import { word } from "../words.js";
import { setPhotos } from "./chosen.js";
import { photosBehind } from "./command.js";
import { restoreDraft } from "./drafts.js";
import { fillForm } from "./fields.js";
import { correct } from "./forms.js";
import { reasonOf } from "./reasons.js";
import { whoami } from "./session.js";
import { itemByKey, itemsOf, photoBytes } from "./store.js";

/** @typedef {import("./store.js").Item} Item */

export function startEditing() {
  addEventListener("hashchange", editFromHash);
  editFromHash();
}

/** @param {Item} item */
export function editUrl(item) {
  return `${item.page}#outbox-${item.key}`;
}

async function editFromHash() {
  const key = /^#outbox-([0-9a-f-]{36})$/.exec(location.hash)?.[1];
  const item = key && (await itemByKey(key));
  if (!item || item.state !== "refused" || item.person !== (await whoami())) return;
  const form = formFor(item);
  if (form) await edit(form, item);
  else notice("warn", word("cannot_edit"), word("cannot_edit_text"), { href: "/outbox", text: word("outbox") });
}

/** @param {Item} item @returns {HTMLFormElement | undefined} */
function formFor(item) {
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-outbox]"));
  return (
    [...forms].find((form) => actionOf(form) === item.url) ?? [...forms].find((form) => hasButtonFor(form, item.url))
  );
}

/** @param {HTMLFormElement} form @param {string} url */
function hasButtonFor(form, url) {
  return [...form.querySelectorAll("[formaction]")].some((button) => button.getAttribute("formaction") === url);
}

/** @param {HTMLFormElement} form @param {Item} item */
async function edit(form, item) {
  setPhotos(form, await photosBehind(item, await itemsOf(item.person), photoBytes));
  fillForm(form, [...new URLSearchParams(item.body)], true);
  reveal(form);
  form.removeAttribute("data-dirty");
  correct(form, item.key, item.refusal ? reasonOf(item.refusal) : "");
  await restoreDraft(form);
}

/** @param {HTMLFormElement} form */
function reveal(form) {
  show(form, true);
  for (let around = form.parentElement; around; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
    if (around instanceof HTMLDialogElement && !around.open) around.showModal();
    if (around.hidden) show(around, true);
  }
}
