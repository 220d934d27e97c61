/** What the scan page shows: the camera's picture or why there is none, its buttons, and what was found last. */

import { show } from "../page.js";

/** @typedef {import("./camera.js").Problem | "reader" | "paused"} Panel */

export class View {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.video = /** @type {HTMLVideoElement} */ (this.part("[data-scan-video]"));
  }

  /** @param {string} selector @returns {HTMLElement} */
  part(selector) {
    return /** @type {HTMLElement} */ (this.root.querySelector(selector));
  }

  /** @param {string} selector @param {string} type @param {(event: Event) => void} act */
  on(selector, type, act) {
    this.root.querySelectorAll(selector).forEach((element) => element.addEventListener(type, act));
  }

  /** @param {"starting" | "scanning" | "found" | "stopped"} state @param {string} [status] */
  camera(state, status = "") {
    this.#panel(null);
    this.root.dataset.state = state;
    this.status(status);
  }

  /** @param {string} status */
  found(status) {
    if (this.root.dataset.state === "scanning") this.root.dataset.state = "found";
    this.status(status);
  }

  /** @param {Panel} name */
  instead(name) {
    this.#panel(name);
    this.root.dataset.state = "problem";
    this.tools({ torch: false, others: false });
    this.status("");
  }

  /** @param {string} text */
  status(text) {
    const place = this.part("[data-scan-status]");
    if (place.textContent !== text) place.textContent = text;
  }

  /** @param {MediaStream | null} stream */
  async play(stream) {
    this.video.srcObject = stream;
    if (stream) await this.video.play();
  }

  /** @param {{torch?: boolean, others?: boolean}} which there are */
  tools({ torch, others }) {
    if (torch !== undefined) show(this.part("[data-scan-torch]"), torch);
    if (others !== undefined) show(this.part("[data-scan-other-camera]"), others);
    if (torch === false) this.torch(false);
  }

  /** @param {boolean} on */
  torch(on) {
    this.part("[data-scan-torch]").setAttribute("aria-pressed", String(on));
  }

  isTorchOn() {
    return this.part("[data-scan-torch]").getAttribute("aria-pressed") === "true";
  }

  /** @param {string | null} text of a code that is none of ours; null: no longer */
  foreign(text) {
    this.part("[data-scan-foreign-text]").textContent = text;
    this.part("[data-scan-foreign] [data-copy]").dataset.copy = text ?? "";
    show(this.part("[data-scan-foreign]"), text !== null);
  }

  /** @param {Panel | null} name */
  #panel(name) {
    for (const panel of this.root.querySelectorAll("[data-scan-panel]")) {
      show(panel, panel.getAttribute("data-scan-panel") === name);
    }
  }
}
