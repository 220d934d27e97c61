/** The two generic pages that stand in for pages this phone has never seen. */

import { behaviour } from "../behaviour.js";
import { hear } from "../channel.js";
import { findTag, plainCode } from "../directory.js";
import { setSlots, show } from "../page.js";
import { fill, word } from "../words.js";

/** @typedef {import("../directory.js").Tag} Tag */

const PLACEHOLDER = "00000000-0000-0000-0000-000000000000";

/** Before anything reads the page: put the ticket's id where the shell has none. */
export function fillTicketShell() {
  const id = /^\/tickets\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1];
  if (!id || !document.querySelector(`[data-ticket="${PLACEHOLDER}"]`)) return;
  for (const element of document.querySelectorAll("#main *")) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replaceAll(PLACEHOLDER, id);
  }
}

behaviour("[data-tag-shell]", (/** @type {HTMLElement} */ root) => {
  fillTagShell(root);
  return hear((news) => news.type === "directory" && fillTagShell(root));
});

/** @param {HTMLElement} root */
async function fillTagShell(root) {
  const code = plainCode(decodeURIComponent(location.pathname.split("/")[2] ?? ""));
  const tag = await findTag(code);
  showAllIn(root, "[data-shell-known]", tag !== undefined);
  showAllIn(root, "[data-shell-unknown]", tag === undefined);
  setSlots(root, { code });
  if (tag) describe(root, tag);
}

/** @param {HTMLElement} root @param {string} selector @param {boolean} visible */
function showAllIn(root, selector, visible) {
  root.querySelectorAll(selector).forEach((element) => show(element, visible));
}

/** @param {HTMLElement} root @param {Tag} tag */
function describe(root, tag) {
  const { name, path, code, kind } = tag;
  setSlots(root, { name, path, code, kind: word(`kind_${kind}`) });
  setField(root, "place_id", tag.placeId);
  setField(root, "asset_id", kind === "asset" ? tag.subjectId : "");
  root.dataset.about = fill(root.dataset.about ?? "", { name, path });
  for (const form of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-label]"))) {
    form.dataset.label = fill(form.dataset.label ?? "", { name, path, code });
  }
  document.title = name;
}

/** @param {HTMLElement} root @param {string} name @param {string} value */
function setField(root, name, value) {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll(`input[name="${name}"]`));
  fields.forEach((field) => (field.value = value));
}
