/** A page from the cache says so, and of when it is. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { setSlots, show } from "../page.js";
import { clock, word } from "../words.js";

behaviour("[data-as-of-banner]", (/** @type {HTMLElement} */ banner) => {
  draw(banner, "as_of");
  document.addEventListener("page-arrived", () => draw(banner, "as_of"));
  return hear((news) => news.type === "fresh" && news.url === location.href && draw(banner, "newer"));
});

/** @param {HTMLElement} banner @param {string} key */
function draw(banner, key) {
  const { cached, shell } = document.documentElement.dataset;
  const visible = Boolean(cached) && !shell;
  if (cached) setSlots(banner, { text: word(key, { time: clock(cached) }) });
  show(banner, visible);
}
