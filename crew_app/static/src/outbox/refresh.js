/** The page as the server has it now, but never exchanged under somebody's hands. */

import { visit } from "../htmx.js";
import { keepDrafts } from "./drafts.js";
import { isPageInHand } from "./ours.js";

const SOON = 1_000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {HTMLFormElement} [done] the form that asks for it */
export async function refreshPage(done) {
  clearTimeout(timer);
  const isFree = () => !isPageInHand(done);
  if (!isFree()) return later();
  await keepDrafts();
  const shown = await visit(location.pathname + location.search, isFree);
  if (!shown && !isFree()) return later();
}

function later() {
  timer = setTimeout(refreshPage, SOON);
}
