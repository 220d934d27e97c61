/** The photos taken so far, in a row under the view; a touch shows one large, to draw on it or to take it again. */

import { clone, show, slot } from "../page.js";

/** @typedef {import("../outbox/photos.js").Photo} Photo */
/** @typedef {{canMark: (photo: Photo) => boolean, mark: (photo: Photo) => void, remove: (photo: Photo) => void}} Deeds */

export class Strip {
  /** @type {Photo | null} */
  #looking = null;
  /** @type {Map<string, string>} */
  #urls = new Map();

  /** @param {HTMLElement} dialog @param {Deeds} deeds */
  constructor(dialog, deeds) {
    this.dialog = dialog;
    this.deeds = deeds;
    this.#on("[data-look-back]", () => this.back());
    this.#on("[data-look-mark]", () => this.#looking && deeds.mark(this.#looking));
    this.#on("[data-look-again]", () => this.#again());
  }

  get isLooking() {
    return this.#looking !== null;
  }

  /** @param {Photo[]} photos */
  draw(photos) {
    const row = /** @type {HTMLElement} */ (this.dialog.querySelector("[data-camera-strip]"));
    row.replaceChildren(...photos.flatMap((photo) => this.#small(photo) ?? []));
    row.lastElementChild?.scrollIntoView({ block: "nearest", inline: "end" });
    const left = photos.find(({ id }) => id === this.#looking?.id);
    if (this.#looking && !left) this.back();
  }

  back() {
    this.#look(null);
  }

  end() {
    this.#urls.forEach((url) => URL.revokeObjectURL(url));
  }

  /** @param {Photo} photo */
  #small(photo) {
    const item = clone("camera-shot-template");
    const image = item && /** @type {HTMLImageElement | null} */ (slot(item, "image"));
    if (image) image.src = this.#urlOf(photo);
    item?.toggleAttribute("data-marked", Boolean(photo.copyOf));
    item?.querySelector("button")?.addEventListener("click", () => this.#look(photo));
    return item;
  }

  /** @param {Photo} photo */
  #urlOf(photo) {
    const url = this.#urls.get(photo.id) ?? URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
    this.#urls.set(photo.id, url);
    return url;
  }

  /** @param {Photo | null} photo */
  #look(photo) {
    this.#looking = photo;
    const image = /** @type {HTMLImageElement} */ (this.dialog.querySelector("[data-look-image]"));
    if (photo) image.src = this.#urlOf(photo);
    for (const part of this.dialog.querySelectorAll("[data-looking]")) {
      show(part, (part.getAttribute("data-looking") === "yes") === Boolean(photo));
    }
    const pen = this.dialog.querySelector("[data-look-mark]");
    if (pen && photo) show(pen, this.deeds.canMark(photo));
    /** @type {HTMLElement | null} */ (this.dialog.querySelector(photo ? "[data-look-back]" : "[data-camera-shutter]"))?.focus();
  }

  #again() {
    if (this.#looking) this.deeds.remove(this.#looking);
    this.back();
  }

  /** @param {string} selector @param {() => void} act */
  #on(selector, act) {
    this.dialog.querySelector(selector)?.addEventListener("click", act);
  }
}
