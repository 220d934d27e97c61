/** data-reread="4": the page is read again every so many seconds, never under somebody's hands. */

import { behaviour } from "../behaviour.js";
import { refreshPage } from "../outbox/refresh.js";

behaviour("[data-reread]", (/** @type {HTMLElement} */ element) => {
  const timer = setInterval(() => isQuiet(element) && refreshPage(), Number(element.dataset.reread) * 1_000);
  return () => clearInterval(timer);
});

/** What is folded open is being read or filled in. @param {HTMLElement} element */
function isQuiet(element) {
  return document.visibilityState === "visible" && navigator.onLine && !element.querySelector("details[open]");
}
