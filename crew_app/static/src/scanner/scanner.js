/** From opening the camera to the last frame: starts, looks, rests, stops, starts again. */

import { word } from "../words.js";
import { Camera, problemOf } from "./camera.js";
import { Finds } from "./finds.js";
import { frameOf, nextFrame } from "./frames.js";
import { textsIn } from "./pictures.js";
import { Reader } from "./reader.js";

/** @typedef {import("./view.js").Panel} Panel */

const HINT = 12_000;
const REST = 180_000;
const STILL_HERE = 15_000;

export class Scanner {
  /** @type {AbortController | null} */
  #run = null;
  /** @type {Camera | null} */
  #camera = null;
  /** @type {Reader | null} */
  #reader = null;
  /** @type {ReturnType<typeof setTimeout>[]} */
  #timers = [];

  /** @param {import("./view.js").View} view @param {import("./finds.js").Taker} list */
  constructor(view, list) {
    this.view = view;
    this.finds = new Finds(view, list, () => this.#hold());
  }

  async start() {
    if (this.#run || document.hidden) return;
    const { signal } = (this.#run = new AbortController());
    this.view.camera("starting", word("scan_starting"));
    if (!(await this.#open(signal))) return;
    this.view.status(word("scan_loading"));
    const reader = await this.#load(signal);
    if (!reader || signal.aborted) return;
    this.view.camera("scanning", word("scan_looking"));
    this.#wait();
    await this.#look(reader, signal);
  }

  stop() {
    this.#hold();
    this.#timers.forEach(clearTimeout);
    this.#run = null;
    this.#camera?.close();
    this.#camera = null;
    this.view.play(null);
    this.view.camera("stopped");
  }

  restart() {
    this.stop();
    return this.start();
  }

  async otherCamera() {
    await this.#camera?.chooseNext();
    await this.restart();
  }

  async toggleTorch() {
    const on = !this.view.isTorchOn();
    try {
      await this.#camera?.setTorch(on);
      this.view.torch(on);
    } catch {
      this.view.tools({ torch: false }); // some phones promise a light that they do not switch
    }
  }

  /** @param {File} file */
  async picture(file) {
    const reader = await this.#load(new AbortController().signal);
    if (!reader) return;
    this.view.status(word("scan_picture_looking"));
    try {
      this.finds.inPicture(await textsIn(file, reader));
    } catch {
      this.view.status(word("scan_picture_unreadable"));
    }
  }

  /** Looks no further, but the last frame stays in view. */
  #hold() {
    this.#run?.abort();
    this.view.video.pause();
    this.#timers.forEach(clearTimeout);
    this.#timers = [setTimeout(() => this.#run && this.restart(), STILL_HERE)];
  }

  /** @param {AbortSignal} signal @returns {Promise<boolean>} */
  async #open(signal) {
    try {
      const camera = await Camera.open();
      if (signal.aborted) return camera.close(), false;
      this.#camera = camera;
      camera.track.addEventListener("ended", () => this.#fail("busy", signal));
    } catch (error) {
      return this.#fail(problemOf(error), signal);
    }
    return this.#show(this.#camera, signal);
  }

  /** @param {Camera} camera @param {AbortSignal} signal */
  async #show(camera, signal) {
    try {
      await this.view.play(camera.stream);
    } catch {
      return this.#fail("paused", signal); // phones that save power start a video at a touch only
    }
    this.view.tools({ torch: camera.hasTorch, others: (await camera.others()).length > 0 });
    return !signal.aborted;
  }

  /** @param {AbortSignal} signal @returns {Promise<Reader | null>} */
  async #load(signal) {
    this.#reader ??= new Reader();
    try {
      await this.#reader.ready;
      return this.#reader;
    } catch {
      this.#reader = null;
      return this.#fail("reader", signal), null;
    }
  }

  /** @param {Reader} reader @param {AbortSignal} signal */
  async #look(reader, signal) {
    for (let turn = 0; !signal.aborted; ) {
      await nextFrame(this.view.video);
      const shot = signal.aborted ? null : await frameOf(this.view.video).catch(() => null);
      if (!shot) continue;
      const texts = await reader.read(shot, turn++).catch(() => this.#fail("reader", signal));
      if (texts && !signal.aborted && this.finds.seen(texts)) this.#wait();
    }
  }

  /** After a while without a hit some advice, after a long while a rest for the battery. */
  #wait() {
    if (this.#run?.signal.aborted) return;
    this.#timers.forEach(clearTimeout);
    const rest = () => (this.stop(), this.view.instead("paused"));
    this.#timers = [setTimeout(() => this.view.status(word("scan_hint")), HINT), setTimeout(rest, REST)];
  }

  /** @param {Panel} panel @param {AbortSignal} signal @returns {false} */
  #fail(panel, signal) {
    if (signal.aborted) return false;
    this.stop();
    this.view.instead(panel);
    return false;
  }
}
