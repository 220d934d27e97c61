/** Space on this phone: said at once when it is full, and before it is. */

import { behaviour } from "../behaviour.js";
import { notice } from "../notices.js";
import { show } from "../page.js";
import { word } from "../words.js";

const LITTLE = 20_000_000;
const PHOTO = 400_000;

let warned = false;

// Before the camera opens: afterwards the picture is taken and there is no place for it.
behaviour("[data-photo]", () => {
  warnOnce();
});

behaviour("[data-outbox-space]", (/** @type {HTMLElement} */ place) => {
  tellSpace(place);
});

async function warnOnce() {
  const count = await photosLeft();
  if (count === null || warned) return;
  warned = true;
  notice("warn", word("space_little"), word("space_little_text", { count }), toOutbox());
}

/** @param {HTMLElement} place */
async function tellSpace(place) {
  const count = await photosLeft();
  place.textContent = count === null ? "" : word("space_left", { count });
  show(place, count !== null);
}

/** @returns {Promise<number | null>} for how many there is room; null when there is plenty, or nobody knows */
async function photosLeft() {
  const { quota, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  if (quota === undefined || quota - usage >= LITTLE) return null;
  return Math.max(0, Math.floor((quota - usage) / PHOTO));
}

/** @returns {string} the words for the form, which stays as it is */
export function sayFull() {
  notice("danger", word("storage_full"), word("storage_full_text"), toOutbox());
  return word("storage_full_text");
}

function toOutbox() {
  return { href: "/outbox", text: word("outbox") };
}
