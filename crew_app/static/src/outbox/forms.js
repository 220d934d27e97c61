/** Submitting a form: save on this phone first, say so, then send. */

import { behaviour } from "../behaviour.js";
import { visit } from "../htmx.js";
import { notice, noticeOnNextPage } from "../notices.js";
import { setSlots, show } from "../page.js";
import { fill, word } from "../words.js";
import { photosOf, setPhotos } from "./chosen.js";
import { entryOf, itemsFrom } from "./command.js";
import { draftId, keepDrafts } from "./drafts.js";
import { isBusy, isOurs, setInHand } from "./ours.js";
import { deliver } from "./outcome.js";
import { reasonOf } from "./reasons.js";
import { refreshPage } from "./refresh.js";
import { requestSync } from "./schedule.js";
import { sayFull } from "./space.js";
import { Gone, save } from "./store.js";
import { offerUndo } from "./undo.js";

/** @typedef {import("./command.js").Entry} Entry */

export function startForms() {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !isOurs(event.target)) return;
    event.preventDefault();
    if (!isBusy(event.target)) submit(event.target, event.submitter);
  });
}

behaviour("form[data-outbox]", (/** @type {HTMLFormElement} */ form) => {
  form.addEventListener("correct", (/** @type {any} */ { detail }) => correct(form, detail.replaces, detail.reason));
});

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
async function submit(form, submitter) {
  const entry = entryOf(form, submitter);
  const release = hold(form, submitter);
  try {
    showError(form, "");
    await conclude(entry, await record(entry, submitter));
  } catch (error) {
    await explain(form, /** @type {Error} */ (error));
  } finally {
    release();
  }
}

/**
 * Saved when this returns; what happens to it afterwards is told.
 * @param {Entry} entry
 * @param {HTMLElement | null} submitter
 */
async function record(entry, submitter) {
  const { form } = entry;
  const { command, photos } = await itemsFrom(entry, await photosOf(form));
  await save(command, photos, { draft: draftId(form), replaces: form.dataset.replaces });
  form.removeAttribute("data-dirty");
  submitter?.replaceChildren(word("saved"));
  navigator.storage?.persist?.();
  requestSync();
  return command;
}

/** @param {Entry} entry @param {import("./store.js").Item} command */
async function conclude(entry, command) {
  if (command.undo) return letUndo(entry.form, command);
  const outcome = await deliver(command.key);
  if (outcome.kind === "refused") return correct(entry.form, command.key, reasonOf(outcome.refusal));
  clear(entry.form);
  if (outcome.kind === "waiting") return goOn(entry);
  tellSent(outcome.held);
  await goTo(outcome.location, entry.form);
  if (entry.form.dataset.to) scrollTo(0, 0); // where the new state stands
}

/** @param {string} [held] why a supervisor decides about it first */
function tellSent(held) {
  if (held) notice("warn", word(`told_${held}`), word("held_text"), { href: "/late", text: word("held_show") });
  else notice("success", word("sent"));
}

/** @param {string} url where the server says to look @param {HTMLFormElement} form */
async function goTo(url, form) {
  if (!url || url === location.pathname + location.search) return refreshPage(form);
  await keepDrafts();
  await visit(url);
}

/** Saved, but not sent yet. @param {Entry} entry */
function goOn({ form, fields }) {
  const next = form.dataset.next && fill(form.dataset.next, Object.fromEntries(fields));
  const parts = /** @type {const} */ (["info", word("saved_waiting"), word("saved_waiting_text")]);
  if (!next) return notice(...parts);
  noticeOnNextPage(...parts);
  location.assign(next);
}

/**
 * Refused: the form stays as it is; submitting it again takes the place of what was refused.
 * @param {HTMLFormElement} form
 * @param {string} key
 * @param {string} reason
 */
export function correct(form, key, reason) {
  form.dataset.replaces = key;
  showError(form, reason);
}

/** @param {HTMLFormElement} form @param {import("./store.js").Item} command */
function letUndo(form, command) {
  clear(form);
  offerUndo(command);
}

/** @param {HTMLFormElement} form */
function clear(form) {
  form.reset();
  setPhotos(form, []);
  form.removeAttribute("data-dirty");
  delete form.dataset.replaces;
  /** @type {HTMLDialogElement | null} */ (form.closest("dialog"))?.close();
  form.closest("details[data-close-after]")?.removeAttribute("open");
}

/** @param {HTMLFormElement} form @param {Error} error */
async function explain(form, error) {
  console.error(error);
  if (error instanceof Gone) return showError(form, word("already_sent"));
  if (error.name === "QuotaExceededError") return showError(form, sayFull());
  // The phone's database does not work at all: next time the form posts by itself.
  form.dataset.native = "";
  showError(form, word("not_saved"));
}

/** @param {HTMLFormElement} form @param {string} reason */
export function showError(form, reason) {
  const place = form.querySelector("[data-form-error]");
  if (!place) return reason && notice("danger", word("refused"), reason);
  if (place.querySelector("[data-slot=text]")) setSlots(place, { text: reason });
  else place.textContent = reason;
  show(place, Boolean(reason));
  if (reason) place.scrollIntoView({ block: "center" });
}

/**
 * While a form is being saved nothing can be typed or sent twice.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 * @returns {() => void}
 */
function hold(form, submitter) {
  const content = [...(submitter?.childNodes ?? [])];
  setInHand(form, "saving", true);
  form.inert = true;
  form.ariaBusy = "true";
  submitter?.setAttribute("aria-busy", "true");
  submitter?.toggleAttribute("disabled", true);
  submitter?.replaceChildren(word("saving"));
  return () => {
    setInHand(form, "saving", false);
    form.inert = false;
    form.ariaBusy = null;
    submitter?.removeAttribute("aria-busy");
    submitter?.removeAttribute("disabled");
    submitter?.replaceChildren(...content);
  };
}
