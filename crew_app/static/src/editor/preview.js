/** Beside the cards: what the crew will see, from the server, a moment after the last key. */

import { show } from "../page.js";
import { part } from "./fragment.js";

const PAUSE = 600;

/** @param {HTMLFormElement} form @param {() => number} stopInHand @returns {() => void} asks for a new preview */
export function startPreview(form, stopInHand) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asked = 0;
  const draw = async () => {
    const turn = ++asked;
    const found = await ask(form, stopInHand()).catch(() => null);
    if (turn !== asked || !form.isConnected) return;
    document.querySelectorAll("[data-preview-away]").forEach((note) => show(note, !found));
    if (found) document.querySelector("[data-preview-place]")?.replaceChildren(found);
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  };
}

/** @param {HTMLFormElement} form @param {number} stop */
function ask(form, stop) {
  const said = new FormData(form);
  const body = new URLSearchParams({ document: String(said.get("document") ?? ""), stop: String(stop) });
  const known = { based_on: said.get("based_on"), site_id: said.get("site_id"), template_id: form.dataset.subject };
  for (const [name, value] of Object.entries(known)) if (value) body.set(name, String(value));
  return part(form.dataset.preview ?? "", "#preview", body);
}
