/** Taking photos for a form, from opening the camera to done. Each is in the form and in its draft as soon as it is shot. */

import { MOST, inThePage, isMarkable, readyPhotos, removePhoto, sendByItself, takeIn } from "../outbox/chosen.js";
import { keepDraft } from "../outbox/drafts.js";
import { setInHand } from "../outbox/ours.js";
import { photoFrom } from "../outbox/photos.js";
import { refill } from "../outbox/purse.js";
import { show } from "../page.js";
import { View } from "../scanner/view.js";
import { word } from "../words.js";
import { Ghost } from "./ghost.js";
import { watchHands } from "./hands.js";
import { Lens } from "./lens.js";
import { mark } from "./mark.js";
import { frameOf, photoOf } from "./shot.js";
import { Strip } from "./strip.js";
import { openDialog } from "./style.js";

/** @typedef {import("../outbox/photos.js").Photo} Photo */

const LEVEL = 2;

/** @param {HTMLFormElement} form @param {HTMLInputElement} input the field the photos are for */
export async function shoot(form, input) {
  const dialog = await openDialog("camera-template");
  setInHand(form, "camera", true);
  new Shooting(form, input, dialog).begin();
}

class Shooting {
  /** @param {HTMLFormElement} form @param {HTMLInputElement} input @param {HTMLDialogElement} dialog */
  constructor(form, input, dialog) {
    this.form = form;
    this.input = input;
    this.dialog = dialog;
    this.view = new View(dialog);
    this.lens = new Lens(this.view);
    this.ghost = new Ghost(dialog);
    this.strip = new Strip(dialog, {
      canMark: (photo) => isMarkable(form, photo),
      mark: (photo) => mark(form, photo),
      remove: (photo) => removePhoto(form, photo.id),
    });
  }

  begin() {
    const { view, dialog, form } = this;
    const draw = () => this.#draw();
    view.on("[data-camera-shutter]", "click", () => this.#take());
    view.on("[data-camera-file]", "change", ({ target }) => this.#choose(/** @type {HTMLInputElement} */ (target)));
    dialog.addEventListener("keydown", (event) => this.#key(event));
    form.addEventListener("change", draw);
    const letGo = watchHands(view.video, (held) => this.#hint(held));
    dialog.addEventListener("close", () => {
      letGo();
      form.removeEventListener("change", draw);
      this.#end();
    });
    for (const input of dialog.querySelectorAll("[data-camera-gallery]")) input.toggleAttribute("multiple", this.input.multiple);
    draw();
    this.lens.start();
    this.ghost.appear(form, this.input).catch(console.error);
    refill().catch(console.error);
  }

  #end() {
    this.lens.end();
    this.ghost.end();
    this.strip.end();
    setInHand(this.form, "camera", false);
    const form = inThePage(this.form);
    if (this.dialog.returnValue === "done") sendByItself(form);
  }

  get #photos() {
    return readyPhotos(this.form).filter(({ purpose = "" }) => purpose === (this.input.dataset.for ?? ""));
  }

  /** The frame is taken before anything else happens. */
  #take() {
    if (this.strip.isLooking) return this.strip.back();
    if (this.#isFull()) return;
    const frame = frameOf(this.view.video);
    if (!frame) return;
    navigator.vibrate?.(20);
    this.#flash();
    this.#add([photoOf(frame)]);
  }

  /** From the phone's own camera, or its gallery. @param {HTMLInputElement} source */
  #choose(source) {
    const room = MOST - readyPhotos(this.form).length;
    const files = [...(source.files ?? [])].slice(0, room);
    const photos = files.map((file) => photoFrom(file, source));
    source.value = "";
    if (photos.length || !this.#isFull()) this.#add(photos);
  }

  /** @param {Promise<Photo>[]} photos */
  async #add(photos) {
    await takeIn(this.form, this.input, photos);
    await keepDraft(this.form);
    this.dialog.dataset.kept = String(this.#photos.length);
  }

  #isFull() {
    const full = readyPhotos(this.form).length >= MOST && this.input.multiple;
    if (full) this.view.status(word("camera_full", { count: MOST }));
    return full;
  }

  #flash() {
    const view = this.view.part("[data-camera-view]");
    view.removeAttribute("data-flash");
    void view.offsetWidth;
    view.setAttribute("data-flash", "");
  }

  /** Keys of a desk: what has the focus does its own. @param {KeyboardEvent} event */
  #key(event) {
    const { key, target, repeat } = event;
    const own = "button, label, a, input:not([type=range])";
    if (![" ", "Enter"].includes(key) || (target instanceof Element && target.closest(own))) return;
    event.preventDefault();
    if (!repeat) this.#take();
  }

  /** @param {import("./hands.js").Held} held */
  #hint({ roll, steady }) {
    const line = this.view.part("[data-camera-level]");
    show(line, roll !== null && Math.abs(roll) < 45);
    line.style.setProperty("--roll", `${roll ?? 0}deg`);
    line.toggleAttribute("data-level", Math.abs(roll ?? 90) < LEVEL);
    if (this.dialog.dataset.state === "scanning") this.view.status(steady ? "" : word("camera_still"));
  }

  #draw() {
    const photos = this.#photos;
    this.strip.draw(photos);
    this.view.part("[data-camera-count]").textContent = photos.length ? String(photos.length) : "";
    this.view.part("[data-camera-said]").textContent = photos.length ? word("camera_taken", { count: photos.length }) : "";
  }
}
