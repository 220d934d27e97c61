/** One-liners: copying, dialogs, closing notices, steppers, reload, back, ages. */

import { behaviour } from "../behaviour.js";
import { notice } from "../notices.js";
import { ago, word } from "../words.js";

/** @param {string} selector @param {(element: any, event: Event) => void} act */
function onClick(selector, act) {
  document.addEventListener("click", (event) => {
    const element = event.target instanceof Element && event.target.closest(selector);
    if (element) act(element, event);
  });
}

onClick("[data-copy]", async ({ dataset }) => {
  await navigator.clipboard.writeText(dataset.copy);
  notice("success", word("copied"));
});

onClick("[data-open-dialog]", ({ dataset }) => {
  /** @type {HTMLDialogElement | null} */ (document.getElementById(dataset.openDialog))?.showModal();
});

onClick("[data-close-dialog]", (button) => button.closest("dialog")?.close());
onClick("#notices [data-close]", (button) => button.closest("#notices > *")?.remove());
onClick("[data-reload]", () => location.reload());
onClick("[data-print]", () => print());

// What a fold holds must not open behind the bar at the bottom. A fold that comes open with its page tells that, too.
/** @type {HTMLElement | null} */
let pressed = null;
onClick(".fold > summary", (summary) => (pressed = summary.parentElement));
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target !== pressed || !(target instanceof HTMLDetailsElement)) return;
    if (target.open) target.scrollIntoView({ block: "nearest" });
    pressed = null;
  },
  { capture: true },
);

onClick("a[data-back]", (link, event) => {
  if (!document.referrer.startsWith(location.origin) || history.length < 2) return;
  event.preventDefault();
  history.back();
});

// Another view of the same list: going back leads to where one came from, not through every view.
onClick(".tabs a", ({ href }, event) => {
  const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent} */ (event);
  if (ctrlKey || metaKey || shiftKey) return;
  event.preventDefault();
  location.replace(href);
});

onClick("[data-stepper] [data-step]", (button) => {
  const input = button.closest("[data-stepper]").querySelector("input");
  const value = Number(input.value) + Number(button.dataset.step);
  if (value < Number(input.min) || value > Number(input.max || Infinity)) return;
  input.value = String(Math.round(value * 1000) / 1000);
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

behaviour("time[data-age]", (/** @type {HTMLTimeElement} */ time) => {
  const draw = () => (time.textContent = ago(Date.parse(time.dateTime)));
  draw();
  const timer = setInterval(draw, 60_000);
  return () => clearInterval(timer);
});

behaviour("[data-before-after]", (/** @type {HTMLElement} */ pair) => {
  const range = /** @type {HTMLInputElement | null} */ (pair.querySelector("[data-split]"));
  const draw = () => pair.style.setProperty("--split", `${range?.value ?? 50}%`);
  range?.addEventListener("input", draw);
  draw();
});

/** The bottom bar shows where we are, also after the content was exchanged. */
behaviour("main[data-section]", ({ dataset }) => {
  for (const link of document.querySelectorAll("nav a[data-section]")) {
    if (link.getAttribute("data-section") === dataset.section) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
});
