/**
 * data-live="address" data-stand="…" on an element: the page is fetched again when the server says something else there
 * than it says here. Asked only while somebody looks and there is a network.
 */

import { behaviour } from "../behaviour.js";
import { refreshPage } from "../outbox/refresh.js";

const EVERY = 6_000;

behaviour("[data-live]", (/** @type {HTMLElement} */ root) => {
  const timer = setInterval(() => document.hidden || !navigator.onLine || look(root), EVERY);
  return () => clearInterval(timer);
});

/** @param {HTMLElement} root */
async function look(root) {
  const { live = "", stand } = root.dataset;
  const response = await fetch(live, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  const found = response?.ok ? await response.text() : stand;
  if (found !== stand && root.isConnected) await refreshPage();
}
