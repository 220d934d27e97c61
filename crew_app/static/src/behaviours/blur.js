/** The blur brush: areas drawn over a picture with a finger or a mouse, shown at once as they will look. */

import { behaviour } from "../behaviour.js";
import { show } from "../page.js";

/** @typedef {{x: number, y: number, width: number, height: number}} Area in thousandths of the picture */
/** @typedef {{root: HTMLElement, image: HTMLImageElement, canvas: HTMLCanvasElement, kept: Area[], drawn: Area[], on: boolean}} Brush */

/** The same as on the server: so many colours are left along the longer side of an area. */
const CELLS = 5;
const WHOLE = 1000;
const SMALLEST = 5;

behaviour("[data-blur]", (/** @type {HTMLElement} */ root) => {
  const image = /** @type {HTMLImageElement} */ (root.querySelector("[data-blur-image]"));
  const canvas = /** @type {HTMLCanvasElement} */ (root.querySelector("[data-blur-canvas]"));
  const brush = { root, image, canvas, kept: areasIn(root.dataset.areas ?? ""), drawn: [], on: false };
  image.addEventListener("load", () => paint(brush));
  root.querySelector("[data-blur-start]")?.addEventListener("click", () => start(brush));
  root.querySelector("[data-blur-undo]")?.addEventListener("click", () => undo(brush));
  canvas.addEventListener("pointerdown", (event) => begin(brush, event));
  paint(brush);
  tell(brush);
});

/** @param {string} text @returns {Area[]} */
function areasIn(text) {
  const areas = text.split(";").filter(Boolean).map((one) => one.trim().split(" ").map(Number));
  return areas.map(([x, y, width, height]) => ({ x, y, width, height }));
}

/** @param {Brush} brush */
function start(brush) {
  brush.on = true;
  brush.root.toggleAttribute("data-on", true);
  tell(brush);
}

/** @param {Brush} brush */
function undo(brush) {
  brush.drawn.pop();
  paint(brush);
  tell(brush);
}

/** One finger, one area. @param {Brush} brush @param {PointerEvent} event */
function begin(brush, event) {
  if (!brush.on || event.button || !event.isPrimary) return;
  event.preventDefault();
  const { canvas } = brush;
  const from = spot(canvas, event);
  const follow = (/** @type {PointerEvent} */ next) => paint(brush, between(from, spot(canvas, next)));
  canvas.setPointerCapture(event.pointerId);
  canvas.addEventListener("pointermove", follow);
  const end = (/** @type {PointerEvent} */ last) => {
    canvas.removeEventListener("pointermove", follow);
    for (const name of ["pointerup", "pointercancel"]) canvas.removeEventListener(name, /** @type {any} */ (end));
    if (last.type === "pointerup") keep(brush, between(from, spot(canvas, last)));
    paint(brush);
    tell(brush);
  };
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, /** @type {any} */ (end));
}

/** What is smaller is a slip of the finger. @param {Brush} brush @param {Area} area */
function keep(brush, area) {
  if (Math.min(area.width, area.height) >= SMALLEST) brush.drawn.push(area);
}

/** @param {HTMLElement} canvas @param {PointerEvent} event */
function spot(canvas, { clientX, clientY }) {
  const box = canvas.getBoundingClientRect();
  const within = (/** @type {number} */ share) => Math.round(Math.min(Math.max(share, 0), 1) * WHOLE);
  return { x: within((clientX - box.left) / box.width), y: within((clientY - box.top) / box.height) };
}

/** @param {{x: number, y: number}} one @param {{x: number, y: number}} other @returns {Area} */
function between(one, other) {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  return { x, y, width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y) };
}

/** What the form sends, and which buttons there are. @param {Brush} brush */
function tell({ root, drawn, on }) {
  const fields = drawn.map(({ x, y, width, height }) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "area", value: [x, y, width, height].join(" ") });
    return field;
  });
  root.querySelector("[data-blur-fields]")?.replaceChildren(...fields);
  showOne(root, "start", !on);
  showOne(root, "undo", drawn.length > 0);
  showOne(root, "save", drawn.length > 0);
  showOne(root, "hint", on);
  const hint = /** @type {HTMLElement | null} */ (root.querySelector("[data-blur-hint]"));
  if (hint) hint.textContent = (drawn.length ? hint.dataset.drawn : hint.dataset.waiting) ?? "";
}

/** @param {HTMLElement} root @param {string} name @param {boolean} yes */
function showOne(root, name, yes) {
  root.querySelectorAll(`[data-blur-${name}]`).forEach((element) => show(/** @type {HTMLElement} */ (element), yes));
}

/** All areas over the picture, and the one under the finger. @param {Brush} brush @param {Area} [now] */
function paint({ image, canvas, kept, drawn }, now) {
  if (!image.naturalWidth) return;
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const areas = [...kept, ...drawn, ...(now ? [now] : [])].map((area) => inPixels(area, canvas));
  for (const area of areas) if (area.width && area.height) smear(canvas, image, area);
  const pen = canvas.getContext("2d");
  if (!pen || !now) return;
  const { x, y, width, height } = inPixels(now, canvas);
  pen.lineWidth = Math.max(3, canvas.width / 200);
  pen.strokeStyle = "#fff";
  pen.strokeRect(x, y, width, height);
}

/** @param {Area} area @param {HTMLCanvasElement} canvas @returns {Area} */
function inPixels({ x, y, width, height }, canvas) {
  const [wide, high] = [canvas.width / WHOLE, canvas.height / WHOLE];
  return { x: x * wide, y: y * high, width: width * wide, height: height * high };
}

/** @param {HTMLCanvasElement} canvas @param {HTMLImageElement} image @param {Area} area */
function smear(canvas, image, { x, y, width, height }) {
  const longest = Math.max(width, height);
  const means = document.createElement("canvas");
  means.width = Math.max(1, Math.round((CELLS * width) / longest));
  means.height = Math.max(1, Math.round((CELLS * height) / longest));
  means.getContext("2d")?.drawImage(image, x, y, width, height, 0, 0, means.width, means.height);
  canvas.getContext("2d")?.drawImage(means, 0, 0, means.width, means.height, x, y, width, height);
}
