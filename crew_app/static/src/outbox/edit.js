/** Correcting what was refused: /page#outbox-<key> fills the form it came from, or asks what to do without one. */

import { notice } from "../notices.js";
import { actionOf, show } from "../page.js";
import { word } from "../words.js";
import { setPhotos } from "./chosen.js";
import { photosBehind } from "./command.js";
import { askWhatToDo } from "./decide.js";
import { restoreDraft } from "./drafts.js";
import { fillForm } from "./fields.js";
import { correct } from "./forms.js";
import { reasonOf } from "./reasons.js";
import { whoami } from "./session.js";
import { itemByKey, itemsOf, photoBytes, receiptOf } from "./store.js";

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
  if (!key) return;
  const item = await itemByKey(key);
  // Otherwise the same link would do nothing the second time.
  history.replaceState(history.state, "", location.pathname + location.search);
  if (!item) return (await receiptOf(key)) && notice("info", word("already_sent"));
  if (item.state !== "refused" || item.person !== (await whoami())) return;
  const form = formFor(item);
  if (form) await edit(form, item);
  if (!form || !hasSomethingToCorrect(form)) await askWhatToDo(item, await itemsOf(item.person));
}

/** @param {Item} item @returns {HTMLFormElement | undefined} */
function formFor(item) {
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-outbox]"));
  return (
    [...forms].find((form) => actionOf(form) === item.url && isSameKind(form, item)) ??
    [...forms].find((form) => hasButtonFor(form, item.url))
  );
}

/** Two forms may post to the same address, told apart by a role. @param {HTMLFormElement} form @param {Item} item */
function isSameKind(form, item) {
  const role = /** @type {HTMLInputElement | null} */ (form.querySelector('input[type="hidden"][name="role"]'));
  return !role || role.value === new URLSearchParams(item.body).get("role");
}

/** @param {HTMLFormElement} form @param {string} url */
function hasButtonFor(form, url) {
  return [...form.querySelectorAll("[formaction]")].some((button) => button.getAttribute("formaction") === url);
}

/** @param {HTMLFormElement} form */
function hasSomethingToCorrect(form) {
  return form.querySelector("textarea, select, input:not([type=hidden])") !== null;
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
  showSendButton(form);
  for (let around = form.parentElement; around; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
    if (around instanceof HTMLDialogElement && !around.open) around.showModal();
    if (around.hidden) show(around, true);
  }
}

/** A form that sends by itself when a picture is chosen has none in sight. @param {HTMLFormElement} form */
function showSendButton(form) {
  const button = form.querySelector("[data-auto-send-button]");
  button?.removeAttribute("data-auto-send-button");
  if (button) show(button, true);
}
