/** The camera behind a dialog: open while the page is in view, its light, its neighbours, why there is no picture. */

import { Camera, problemOf } from "../scanner/camera.js";
import { word } from "../words.js";

/** As phones' sensors are. */
const SIZE = { width: 1600, height: 1200 };

export class Lens {
  /** @type {Camera | null} */
  #camera = null;
  #ended = new AbortController();
  #opening = false;

  /** @param {import("../scanner/view.js").View} view */
  constructor(view) {
    this.view = view;
    const { signal } = this.#ended;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#stop() : this.start()), { signal });
    addEventListener("pagehide", () => this.#stop(), { signal });
    view.on("[data-scan-start]", "click", () => this.start());
    view.on("[data-scan-torch]", "click", () => this.#toggleTorch());
    view.on("[data-scan-other-camera]", "click", () => this.#otherCamera());
  }

  async start() {
    if (this.#camera || this.#opening || document.hidden) return;
    this.#opening = true;
    this.view.camera("starting", word("scan_starting"));
    try {
      const camera = await Camera.open(SIZE);
      if (this.#ended.signal.aborted || document.hidden) return camera.close();
      await this.#show(camera);
    } catch (error) {
      this.#fail(problemOf(error));
    } finally {
      this.#opening = false;
    }
  }

  /** For good. */
  end() {
    this.#ended.abort();
    this.#stop();
  }

  /** @param {Camera} camera */
  async #show(camera) {
    this.#camera = camera;
    camera.track.addEventListener("ended", () => this.#camera === camera && this.#fail("busy"));
    try {
      await this.view.play(camera.stream);
    } catch {
      return this.#fail("paused"); // phones that save power start a video at a touch only
    }
    this.view.camera("scanning");
    this.view.tools({ torch: camera.hasTorch, others: (await camera.others()).length > 0 });
  }

  #stop() {
    this.#camera?.close();
    this.#camera = null;
    this.view.play(null);
    this.view.camera("stopped");
    this.view.tools({ torch: false });
  }

  /** @param {import("../scanner/view.js").Panel} why */
  #fail(why) {
    if (this.#ended.signal.aborted) return;
    this.#stop();
    this.view.instead(why);
  }

  async #toggleTorch() {
    const on = !this.view.isTorchOn();
    try {
      await this.#camera?.setTorch(on);
      this.view.torch(on);
    } catch {
      this.view.tools({ torch: false }); // some phones promise a light that they do not switch
    }
  }

  async #otherCamera() {
    await this.#camera?.chooseNext();
    this.#stop();
    await this.start();
  }
}
