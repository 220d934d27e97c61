/** Changing over on a shared phone: what is unsent stays, locked to whoever made it; the server is told how much. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { notice } from "../notices.js";
import { lastContact } from "../outbox/contact.js";
import { summary } from "../outbox/counters.js";
import { show } from "../page.js";
import { word } from "../words.js";

behaviour("form[data-switch]", (/** @type {HTMLFormElement} */ form) => {
  form.addEventListener("submit", (event) => leave(event, form));
});

/** @param {Event} event @param {HTMLFormElement} form */
async function leave(event, form) {
  event.preventDefault();
  if (!navigator.onLine || !(await lastContact())) return notice("warn", word("switch_needs_network"));
  HTMLFormElement.prototype.submit.call(form);
}

behaviour("[data-unsent-here]", (/** @type {HTMLElement} */ words) => {
  const draw = async () => {
    const { waiting, refused } = await summary();
    const count = waiting.length + refused.length;
    words.textContent = count ? word("switch_keeps", { count }) : "";
    show(words, count > 0);
  };
  draw();
  return hear(() => draw());
});
