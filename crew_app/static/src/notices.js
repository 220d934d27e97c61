/** Short messages at the top, where they cover nothing that is pressed next. */

import { clone, setSlots, slot } from "./page.js";

const NEXT = "crew-notice";
const SHORT = 2_500;
const BRIEF = ["success"];

/** @typedef {{text: string, href?: string, act?: () => void}} Link where to go, or what to do */

/**
 * @param {"info" | "success" | "warn" | "danger"} kind
 * @param {string} title
 * @param {string} [text]
 * @param {Link} [link]
 * @returns {HTMLElement | undefined}
 */
export function notice(kind, title, text = "", link) {
  const element = clone("notice-template", { title, text });
  if (!element) return;
  element.dataset.kind = kind;
  if (link) setAction(element, link);
  sameTitle(title)?.remove();
  document.getElementById("notices")?.append(element);
  if (BRIEF.includes(kind)) setTimeout(() => element.remove(), SHORT);
  return element;
}

/** @param {HTMLElement} element @param {Link} link */
function setAction(element, { text, href, act }) {
  setSlots(element, { [act ? "act" : "action"]: text });
  if (href) slot(element, "action")?.setAttribute("href", href);
  if (act) slot(element, "act")?.addEventListener("click", act);
}

/** @param {string} title @returns {Element | undefined} a notice that says the same already */
function sameTitle(title) {
  const all = document.querySelectorAll("#notices > *");
  return [...all].find((one) => slot(one, "title")?.textContent === title);
}

/** The same, on the page that comes next. @param {Parameters<typeof notice>} parts */
export function noticeOnNextPage(...parts) {
  sessionStorage.setItem(NEXT, JSON.stringify(parts));
}

export function showKeptNotice() {
  const kept = sessionStorage.getItem(NEXT);
  sessionStorage.removeItem(NEXT);
  if (kept) notice(.../** @type {Parameters<typeof notice>} */ (JSON.parse(kept)));
}
