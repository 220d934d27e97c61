/** The bell: how many notices are unread, asked for calmly; opening one marks it as read. */

import { behaviour } from "../behaviour.js";
import { hear, tell } from "../channel.js";
import { show } from "../page.js";

const EVERY = 60_000;

behaviour("[data-bell]", (/** @type {HTMLElement} */ bell) => {
  const ask = async () => {
    if (document.hidden || !navigator.onLine) return;
    const count = await unread();
    if (count !== undefined && count !== Number(bell.dataset.bell)) draw(bell, count);
  };
  const timer = setInterval(ask, EVERY);
  const stop = hear((news) => (news.type === "notices" || news.type === "sent") && ask());
  document.addEventListener("visibilitychange", ask);
  if (document.documentElement.dataset.cached) ask();
  return () => {
    clearInterval(timer);
    stop();
    document.removeEventListener("visibilitychange", ask);
  };
});

/** @returns {Promise<number | undefined>} nothing when the server cannot be asked, or nobody is signed in */
async function unread() {
  const answer = await fetch("/notices/unread", { redirect: "manual" }).catch(() => null);
  return answer?.ok ? (await answer.json().catch(() => ({}))).count : undefined;
}

/** @param {HTMLElement} bell @param {number} count */
function draw(bell, count) {
  bell.dataset.bell = String(count);
  const shown = bell.querySelector("[data-bell-count]");
  if (shown) shown.textContent = count > 99 ? "99+" : String(count);
  if (shown) show(shown, count > 0);
  const words = /** @type {string} */ (bell.dataset[count === 1 ? "one" : count ? "many" : "none"]);
  bell.setAttribute("aria-label", words.replace("{count}", String(count)));
  const phone = /** @type {any} */ (navigator);
  (count ? phone.setAppBadge?.(count) : phone.clearAppBadge?.())?.catch(() => {});
}

// The link is followed by the browser itself, also without a network; that it was read is said on the way.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[data-reads]");
  if (!(link instanceof HTMLElement)) return;
  fetch(`/notices/${link.dataset.reads}/reading`, { method: "POST", keepalive: true })
    .then(() => tell({ type: "notices" }))
    .catch(() => {});
});
