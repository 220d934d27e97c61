/**
 * data-wall: a screen nobody touches. Its panels take turns, its figures are fetched again, and when that does not work
 * the last ones stay, with the time from which they are.
 */

import { behaviour } from "../behaviour.js";

const TURN = 15_000;
const EVERY = 30_000;

behaviour("[data-wall]", (/** @type {HTMLElement} */ wall) => {
  let turn = 0;
  const next = () => showPanel(wall, (turn += 1));
  const again = () => refresh(wall).then(() => showPanel(wall, turn));
  const timers = [setInterval(next, Number(wall.dataset.turn ?? TURN)), setInterval(again, Number(wall.dataset.every ?? EVERY))];
  window.addEventListener("offline", again);
  window.addEventListener("online", again);
  navigator.wakeLock?.request("screen").catch(() => {});
  return () => {
    timers.forEach(clearInterval);
    window.removeEventListener("offline", again);
    window.removeEventListener("online", again);
  };
});

/** @param {HTMLElement} wall @param {number} turn */
function showPanel(wall, turn) {
  const panels = /** @type {NodeListOf<HTMLElement>} */ (wall.querySelectorAll("[data-wall-panel]"));
  panels.forEach((panel, place) => (panel.hidden = place !== turn % panels.length));
}

/** Takes over what the server says now; says how old the figures are when it says nothing. @param {HTMLElement} wall */
async function refresh(wall) {
  const response = await fetch(location.href, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  const fresh = response?.ok ? new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-wall]") : null;
  if (fresh) wall.replaceChildren(...fresh.children);
  const stale = /** @type {HTMLElement | null} */ (wall.querySelector("[data-wall-stale]"));
  if (stale) stale.hidden = Boolean(fresh);
}
