/** The hint to put the app on the home screen: a button where the browser offers it, words on iPhones. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { summary } from "../outbox/counters.js";
import { show } from "../page.js";

const DISMISSED = "crew-install-dismissed";

/** @type {any} */
let offer = null;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  document.querySelectorAll("[data-install]").forEach(draw);
});

behaviour("[data-install]", (/** @type {HTMLElement} */ hint) => {
  draw(hint);
  hint.querySelector("[data-install-button]")?.addEventListener("click", () => install(hint));
  hint.querySelector("[data-install-dismiss]")?.addEventListener("click", () => dismiss(hint));
});

// On an iPhone a page in Safari may lose what it holds: whoever has something waiting is told again.
behaviour("[data-install-waiting]", (/** @type {HTMLElement} */ hint) => {
  const redraw = async () => {
    const { waiting, refused } = await summary();
    show(hint, isApple() && !isInstalled() && waiting.length + refused.length > 0);
  };
  hint.querySelectorAll("[data-install-ios]").forEach((words) => show(words, true));
  redraw();
  return hear(() => redraw());
});

/** @param {Element} hint */
function draw(hint) {
  const wanted = !isInstalled() && !localStorage.getItem(DISMISSED);
  show(hint, wanted && (offer !== null || isApple()));
  hint.querySelectorAll("[data-install-button]").forEach((button) => show(button, offer !== null));
  hint.querySelectorAll("[data-install-ios]").forEach((words) => show(words, isApple()));
}

function isInstalled() {
  return matchMedia("(display-mode: standalone)").matches || /** @type {any} */ (navigator).standalone === true;
}

function isApple() {
  return "standalone" in navigator && navigator.maxTouchPoints > 0;
}

/** @param {HTMLElement} hint */
async function install(hint) {
  offer?.prompt();
  await offer?.userChoice;
  offer = null;
  draw(hint);
}

/** @param {HTMLElement} hint */
function dismiss(hint) {
  localStorage.setItem(DISMISSED, "1");
  show(hint, false);
}
