/** What the place looked like before lies over the view, half transparent: the same picture again, afterwards. */

import { photoUrl } from "../behaviours/waiting.js";
import { whoami } from "../outbox/session.js";
import { itemsOf } from "../outbox/store.js";
import { show } from "../page.js";

/** @typedef {import("../outbox/store.js").Item} Item */

const STRENGTH = "crew-ghost";
const USUAL = 45;

export class Ghost {
  #url = "";
  /** @type {HTMLImageElement} */
  #image;
  /** @type {HTMLInputElement} */
  #range;
  /** @type {HTMLElement} */
  #toggle;

  /** @param {HTMLElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    this.#image = /** @type {HTMLImageElement} */ (dialog.querySelector("[data-ghost-image]"));
    this.#range = /** @type {HTMLInputElement} */ (dialog.querySelector("[data-ghost-strength]"));
    this.#toggle = /** @type {HTMLElement} */ (dialog.querySelector("[data-ghost-toggle]"));
    const kept = Number(localStorage.getItem(STRENGTH) ?? USUAL);
    this.#range.value = String(Math.abs(kept) || USUAL);
    this.#range.addEventListener("input", () => this.#set(true));
    this.#toggle.addEventListener("click", () => this.#set(this.#toggle.getAttribute("aria-pressed") !== "true"));
    this.#image.addEventListener("load", () => this.#draw(kept > 0));
  }

  /** @param {HTMLFormElement} form @param {HTMLInputElement} input whose `data-ghost` says which picture it is */
  async appear(form, input) {
    if (!("ghost" in input.dataset)) return;
    this.#url = await waitingBefore(form.dataset.subject ?? "");
    const large = input.dataset.ghost ?? "";
    if (this.#url) this.#image.src = this.#url;
    else if (large) this.#load(large);
  }

  /** The small picture is on the phone; the large one takes its place when it can be had. @param {string} large */
  #load(large) {
    this.#image.src = large.replace(/\/plain\b/, "/thumb");
    const better = new Image();
    better.addEventListener("load", () => (this.#image.src = large));
    better.src = large;
  }

  end() {
    if (this.#url) URL.revokeObjectURL(this.#url);
  }

  /** @param {boolean} on */
  #set(on) {
    localStorage.setItem(STRENGTH, on ? this.#range.value : `-${this.#range.value}`);
    this.#draw(on);
  }

  /** @param {boolean} on */
  #draw(on) {
    this.dialog.querySelectorAll("[data-ghost-part]").forEach((element) => show(element, true));
    this.#toggle.setAttribute("aria-pressed", String(on));
    show(this.#image, on);
    this.#image.style.setProperty("opacity", String(Number(this.#range.value) / 100));
  }
}

/** @param {string} subject @returns {Promise<string>} the newest picture before the work that this phone still holds */
async function waitingBefore(subject) {
  const items = (await itemsOf(await whoami())).filter((item) => item.subject === subject);
  const found = items.filter((item) => item.blob && roleOf(items, item) === "before").at(-1);
  return found ? photoUrl(found) : "";
}

/** @param {Item[]} items @param {Item} photo */
function roleOf(items, photo) {
  return new URLSearchParams(items.find(({ key }) => key === photo.after)?.body).get("role");
}
