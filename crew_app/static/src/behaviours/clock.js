/** data-since="2026-01-01T08:00:00Z": how long ago that is, in minutes and seconds, ticking. */

import { behaviour } from "../behaviour.js";

const HOUR = 3600;

behaviour("[data-since]", (/** @type {HTMLElement} */ element) => {
  const start = Date.parse(element.dataset.since ?? "");
  const tick = () => (element.textContent = text(Math.max(0, Math.floor((Date.now() - start) / 1000))));
  tick();
  const timer = setInterval(tick, 1_000);
  return () => clearInterval(timer);
});

/** @param {number} seconds */
function text(seconds) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const rest = `${two(Math.floor((seconds % HOUR) / 60))}:${two(seconds % 60)}`;
  return seconds < HOUR ? rest : `${Math.floor(seconds / HOUR)}:${rest}`;
}
