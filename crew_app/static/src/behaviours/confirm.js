/** data-confirm="question" on a form or its button: asked before it is submitted. */

import { ask } from "../dialogs.js";

/** @type {WeakSet<HTMLFormElement>} */
const answered = new WeakSet();

addEventListener(
  "submit",
  (/** @type {any} */ event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || answered.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    confirm(form, event.submitter, question);
  },
  { capture: true },
);

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter @param {string} text */
async function confirm(form, submitter, text) {
  const ok = submitter?.dataset.confirmOk ?? form.dataset.confirmOk;
  if ((await ask("confirm-template", { text, ok })) !== "ok") return;
  answered.add(form);
  form.requestSubmit(submitter);
  answered.delete(form);
}
