/** The editor of a template: cards instead of the document, which the form sends as it always did. */

import { notice } from "../notices.js";
import { show } from "../page.js";
import { word } from "../words.js";
import { docOf, fillCard } from "./cards.js";
import { drawAll, rememberConditions } from "./draw.js";
import { startMoves } from "./moves.js";
import { startPreview } from "./preview.js";
import { startWhere } from "./where.js";
import { startWrong } from "./wrong.js";

/** @param {HTMLFormElement} form */
export function startEditor(form) {
  const source = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("document"));
  const root = /** @type {HTMLElement} */ (form.querySelector('[data-card="root"]'));
  let inHand = 0;
  const preview = startPreview(form, () => inHand);
  const write = () => {
    source.value = JSON.stringify(docOf(root));
    preview();
  };
  const changed = () => {
    drawAll(form);
    write();
    source.dispatchEvent(new Event("input", { bubbles: true }));
  };
  startMoves(form, changed);
  const drawWhere = startWhere(form, changed);
  startWrong(form, root);
  const fill = () => {
    if (!read(form, root, source)) return;
    drawWhere();
    drawAll(form);
    preview();
  };
  root.addEventListener("input", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-path]")) write();
  });
  root.addEventListener("change", () => {
    drawAll(form);
    write();
  });
  root.addEventListener("focusin", (event) => {
    const stop = /** @type {Element} */ (event.target).closest('[data-card="stop"]');
    const place = [...(stop?.parentElement?.children ?? [])].indexOf(/** @type {Element} */ (stop));
    if (place < 0 || place === inHand) return;
    inHand = place;
    preview();
  });
  form.addEventListener("form-filled", fill);
  form.addEventListener("reset", () => setTimeout(fill));
  fill();
}

/** @param {HTMLFormElement} form @param {HTMLElement} root @param {HTMLTextAreaElement} source @returns {boolean} */
function read(form, root, source) {
  const cards = parsed(source.value);
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-editor-source]"));
  show(root, Boolean(cards));
  show(place, !cards);
  if (!cards) notice("warn", word("round_unreadable"));
  else {
    fillCard(form, root, cards);
    rememberConditions(root, cards);
  }
  return Boolean(cards);
}

/** @param {string} text @returns {Record<string, any> | null} */
function parsed(text) {
  try {
    const found = JSON.parse(text);
    return found && typeof found === "object" && Array.isArray(found.stops ?? []) ? found : null;
  } catch {
    return null;
  }
}
