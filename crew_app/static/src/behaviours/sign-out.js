/** Signing out is held back while something is unsent; the pages kept for reading go with the person. */

import { ask } from "../dialogs.js";
import { notice } from "../notices.js";
import { lastContact } from "../outbox/contact.js";
import { summary } from "../outbox/counters.js";
import { flush } from "../outbox/sender.js";
import { seen, signedOut } from "../outbox/session.js";
import { behaviour } from "../behaviour.js";
import { askedAt } from "../page.js";
import { word } from "../words.js";

const PATIENCE = 4_000;

behaviour("form[data-sign-out]", (/** @type {HTMLFormElement} */ form) => {
  form.addEventListener("submit", (event) => guard(event, () => HTMLFormElement.prototype.submit.call(form)));
});

behaviour("a[data-sign-out]", (/** @type {HTMLAnchorElement} */ link) => {
  link.addEventListener("click", (event) => guard(event, () => location.assign(link.href)));
});

behaviour("[data-signed-out]", () => {
  if (!document.documentElement.dataset.cached) seen("", askedAt);
});

/** @param {Event} event @param {() => void} leave */
async function guard(event, leave) {
  event.preventDefault();
  if (!navigator.onLine) return notice("warn", word("needs_network"));
  await Promise.race([flush(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  if (!(await mayLeave())) return;
  // Pages are wiped only when the server can end the sign-in: in a basement they are all there is.
  if (!(await lastContact())) return notice("warn", word("needs_network"));
  await signedOut();
  leave();
}

/** @returns {Promise<boolean>} */
async function mayLeave() {
  const { waiting, refused } = await summary();
  const count = waiting.length + refused.length;
  if (!count) return true;
  const answer = await ask("sign-out-template", { text: word("sign_out_held", { count }) });
  if (answer === "outbox") location.assign("/outbox");
  return answer === "keep";
}
