/** Signing with a finger: what is drawn becomes an SVG path in a box of 300 by 120, in a hidden field of the form. */

import { behaviour } from "../behaviour.js";
import { show } from "../page.js";
import { word } from "../words.js";

const [WIDTH, HEIGHT] = [300, 120];
/** Nobody's name is longer; what comes after is not drawn. The server takes 40,000. */
const LONGEST = 30_000;
const STEP = 1.5;

behaviour("[data-signature]", (/** @type {HTMLElement} */ root) => {
  const pad = /** @type {SVGSVGElement} */ (root.querySelector("[data-signature-pad]"));
  const form = /** @type {HTMLFormElement} */ (root.closest("form"));
  pad.addEventListener("pointerdown", (event) => begin(root, pad, event));
  pad.addEventListener("pointermove", (event) => go(root, pad, event));
  for (const name of ["pointerup", "pointercancel"]) pad.addEventListener(name, () => end(root));
  root.querySelector("[data-signature-clear]")?.addEventListener("click", () => set(root, "", true));
  form.addEventListener("form-filled", () => draw(root));
  form.addEventListener("reset", () => set(root, "", false));
  root.addEventListener("change", () => judge(root));
  draw(root);
});

/** Where the pen was last, of the pad it is on. @type {{root: HTMLElement, x: number, y: number} | null} */
let pen = null;

/** @param {HTMLElement} root */
function field(root) {
  return /** @type {HTMLInputElement} */ (root.querySelector("input[type=hidden]"));
}

/** @param {HTMLElement} root @param {SVGSVGElement} pad @param {PointerEvent} event */
function begin(root, pad, event) {
  if (event.button || pen) return;
  event.preventDefault();
  pad.setPointerCapture(event.pointerId);
  pen = { root, ...spot(pad, event) };
  add(root, `M${pen.x} ${pen.y}L${pen.x + 0.5} ${pen.y}`);
}

/** @param {HTMLElement} root @param {SVGSVGElement} pad @param {PointerEvent} event */
function go(root, pad, event) {
  if (pen?.root !== root) return;
  const { x, y } = spot(pad, event);
  if (Math.hypot(x - pen.x, y - pen.y) < STEP) return;
  pen = { root, x, y };
  add(root, `L${x} ${y}`);
}

/** @param {HTMLElement} root */
function end(root) {
  if (pen?.root !== root) return;
  pen = null;
  field(root).dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {SVGSVGElement} pad @param {PointerEvent} event in the box of the drawing, to a tenth */
function spot(pad, { clientX, clientY }) {
  const box = pad.getBoundingClientRect();
  const within = (/** @type {number} */ part, /** @type {number} */ whole) =>
    Math.round(Math.min(Math.max(part, 0), 1) * whole * 10) / 10;
  return { x: within((clientX - box.left) / box.width, WIDTH), y: within((clientY - box.top) / box.height, HEIGHT) };
}

/** @param {HTMLElement} root @param {string} more */
function add(root, more) {
  const path = field(root).value + more;
  if (path.length <= LONGEST) set(root, path, false);
}

/** @param {HTMLElement} root @param {string} path @param {boolean} told whether the form hears of it */
function set(root, path, told) {
  field(root).value = path;
  draw(root);
  if (told) field(root).dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {HTMLElement} root */
function draw(root) {
  const path = field(root).value;
  root.querySelector("[data-signature-drawn]")?.setAttribute("d", path);
  root.toggleAttribute("data-signed", Boolean(path));
  root.querySelectorAll("[data-signature-clear]").forEach((button) => show(button, Boolean(path)));
  judge(root);
}

/** Said before it is sent: signed here, or on paper. @param {HTMLElement} root */
function judge(root) {
  const paper = /** @type {HTMLInputElement} */ (root.querySelector("input[type=checkbox]"));
  const missing = "required" in root.dataset && !field(root).value && !paper.checked;
  paper.setCustomValidity(missing ? word("sign_first") : "");
}
