/** data-confirm="question" on a form or its button: asked before it is submitted. So is what a form would leave behind. */

import { ask } from "../dialogs.js";
import { word } from "../words.js";

/** @type {WeakSet<HTMLFormElement>} */
const answered = new WeakSet();

addEventListener(
  "submit",
  (/** @type {any} */ event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const left = materialLeft(form);
    const question = left ? word("material_left") : (event.submitter?.dataset.confirm ?? form.dataset.confirm);
    if (!question || answered.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    confirm(form, event.submitter, question, left);
  },
  { capture: true },
);

/**
 * A material that was chosen and not added would be lost with the page of a finished job.
 * @param {HTMLFormElement} form
 * @returns {HTMLElement | null}
 */
function materialLeft(form) {
  const chosen = document.querySelector("#ticket [data-item-picker]:not([data-optional], [data-chosen=''])[data-chosen]");
  return form.id === "completion" ? /** @type {HTMLElement | null} */ (chosen) : null;
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 * @param {string} text
 * @param {HTMLElement | null} left where to go when the answer is no
 */
async function confirm(form, submitter, text, left) {
  const ok = left ? word("finish_without") : (submitter?.dataset.confirmOk ?? form.dataset.confirmOk);
  if ((await ask("confirm-template", { text, ok })) !== "ok") return left && show(left);
  answered.add(form);
  form.requestSubmit(submitter);
  answered.delete(form);
}

/** @param {HTMLElement} picker */
function show(picker) {
  picker.closest("details")?.setAttribute("open", "");
  picker.closest("form")?.scrollIntoView({ block: "center" });
}
