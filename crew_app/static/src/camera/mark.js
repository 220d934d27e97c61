/** Drawing on a picture. What comes of it is a photo of its own, bound to the one it was drawn on, which stays as it is. */

import { uuid7 } from "../ids.js";
import { notice } from "../notices.js";
import { addCopy, inThePage } from "../outbox/chosen.js";
import { keepDraft } from "../outbox/drafts.js";
import { setInHand } from "../outbox/ours.js";
import { word } from "../words.js";
import { paint } from "./pen.js";
import { hashed } from "./shot.js";
import { openDialog } from "./style.js";

/** @typedef {import("./pen.js").Tool} Tool */
/** @typedef {{id: string, url?: string, bytes?: ArrayBuffer, type?: string, purpose?: string}} Original on the server, or here */

const LONGEST = 1600;
const STEP = 3;

/** @param {HTMLFormElement} form takes the drawing among its photos @param {Original} original */
export async function mark(form, original) {
  const picture = await pictureOf(original).catch(() => null);
  if (!picture) return notice("warn", word("mark_not_here"));
  const dialog = await openDialog("mark-template");
  setInHand(form, "camera", true);
  const drawing = new Drawing(dialog, picture);
  dialog.addEventListener("close", async () => {
    try {
      if (dialog.returnValue === "done" && drawing.strokes.length) await keep(inThePage(form), original, drawing.canvas);
    } finally {
      picture.close();
      if (!document.querySelector("dialog.camera[open]")) setInHand(form, "camera", false);
    }
  });
}

/** @param {Original} original @returns {Promise<ImageBitmap>} */
async function pictureOf({ url, bytes, type }) {
  if (bytes) return createImageBitmap(new Blob([bytes], { type }));
  const response = await fetch(url ?? "", { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return createImageBitmap(await response.blob());
}

/** @param {HTMLFormElement} form @param {Original} original @param {HTMLCanvasElement} canvas */
async function keep(form, { id, purpose }, canvas) {
  const takenAt = new Date().toISOString();
  const made = { ...(await hashed(canvas)), id: uuid7(), takenAt, source: "file", copyOf: id };
  addCopy(form, purpose ? { ...made, purpose } : made);
  await keepDraft(form);
}

class Drawing {
  /** @type {import("./pen.js").Stroke[]} */
  strokes = [];
  /** @type {Tool} */
  #tool = "arrow";
  /** @type {import("./pen.js").Stroke | null} */
  #current = null;

  /** @param {HTMLDialogElement} dialog @param {ImageBitmap} picture */
  constructor(dialog, picture) {
    this.dialog = dialog;
    this.picture = picture;
    this.canvas = /** @type {HTMLCanvasElement} */ (dialog.querySelector("[data-mark-canvas]"));
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    this.canvas.width = Math.round(picture.width * scale);
    this.canvas.height = Math.round(picture.height * scale);
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { alpha: false }));
    this.#listen();
    this.#draw();
  }

  #listen() {
    const { canvas, dialog } = this;
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#go(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => this.#lift());
    for (const button of dialog.querySelectorAll("[data-mark-tool]")) {
      button.addEventListener("click", () => this.#take(/** @type {Tool} */ (button.getAttribute("data-mark-tool"))));
    }
    dialog.querySelector("[data-mark-undo]")?.addEventListener("click", () => this.#undo());
    dialog.addEventListener("keydown", (event) => event.key === "z" && (event.ctrlKey || event.metaKey) && this.#undo());
  }

  /** @param {Tool} tool */
  #take(tool) {
    this.#tool = tool;
    for (const button of this.dialog.querySelectorAll("[data-mark-tool]")) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-mark-tool") === tool));
    }
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button || this.#current) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.#current = { tool: this.#tool, spots: [this.#spot(event)] };
  }

  /** @param {PointerEvent} event */
  #go(event) {
    const spots = this.#current?.spots;
    if (!spots) return;
    const spot = this.#spot(event);
    const last = spots[spots.length - 1];
    if (Math.hypot(spot.x - last.x, spot.y - last.y) < STEP) return;
    if (spots.length === 1) this.strokes.push(/** @type {import("./pen.js").Stroke} */ (this.#current));
    spots.push(spot);
    this.#draw();
  }

  #lift() {
    this.#current = null;
  }

  #undo() {
    this.strokes.pop();
    this.#draw();
  }

  /** @param {PointerEvent} event in pixels of the picture */
  #spot({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    const { width, height } = this.canvas;
    return { x: ((clientX - box.left) / box.width) * width, y: ((clientY - box.top) / box.height) * height };
  }

  #draw() {
    paint(this.context, this.picture, this.strokes);
    for (const button of this.dialog.querySelectorAll("[data-mark-undo], [data-mark-done]")) {
      button.toggleAttribute("disabled", !this.strokes.length);
    }
  }
}
