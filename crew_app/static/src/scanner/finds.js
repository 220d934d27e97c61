/** What becomes of a text that was read: a tag's or a bin's page opens, or the tag goes into the list, or it is none of ours. */

import { findTag } from "../directory.js";
import { word } from "../words.js";
import { binIn } from "./bins.js";
import { codeIn, grouped } from "./codes.js";
import { keepScan } from "./history.js";
import { Sightings } from "./sightings.js";
import { signalHit, signalOdd } from "./signals.js";

/**
 * Where tags go that are not opened. Who takes texts takes all of them, also those that are no tags of ours.
 * @typedef {{isCollecting: () => boolean, draw: () => void, take?: (text: string) => void}} Taker
 */

const GLANCE = 150; // long enough to see, feel and hear the hit

export class Finds {
  #sightings = new Sightings();

  /**
   * @param {import("./view.js").View} view
   * @param {Taker} list
   * @param {() => void} onLeave the page is about to be left
   */
  constructor(view, list, onLeave) {
    this.view = view;
    this.list = list;
    this.onLeave = onLeave;
  }

  /**
   * @param {string[]} texts in one frame of the camera
   * @returns {boolean} whether any of them says something new
   */
  seen(texts) {
    const code = texts.map(codeIn).find(Boolean);
    if (code) return this.#sightings.isNew(code) && (this.tag(code), true);
    const bin = this.list.take ? null : texts.map(binIn).find(Boolean);
    if (bin) return this.#sightings.isNew(bin.path) && (this.#go(bin.path, bin.name), true);
    const [text] = texts.filter((one) => one && this.#sightings.isSure(one));
    return Boolean(text) && this.#sightings.isNew(text) && (this.#foreign(text), true);
  }

  /** @param {string[]} texts in a picture that somebody chose */
  inPicture(texts) {
    const code = texts.map(codeIn).find(Boolean);
    const bin = texts.map(binIn).find(Boolean);
    if (code) this.tag(code);
    else if (bin) this.#go(bin.path, bin.name);
    else if (texts[0]) this.#foreign(texts[0]);
    else this.view.status(word("scan_picture_none"));
  }

  /** @param {string} code */
  tag(code) {
    this.view.foreign(null);
    if (this.list.take) this.list.take(code);
    else if (this.list.isCollecting()) this.#keep(code);
    else this.#open(code);
  }

  /** The camera may look at the same tag again and be answered. */
  forget() {
    this.#sightings.forget();
  }

  /** @param {string} code */
  async #open(code) {
    this.#go(`/t/${code}`, grouped(code));
    const tag = await findTag(code).catch(() => undefined);
    if (tag) this.view.found(word("scan_opening", { name: tag.name }));
  }

  /** @param {string} path @param {string} name */
  #go(path, name) {
    this.onLeave();
    signalHit();
    setTimeout(() => location.assign(path), GLANCE);
    this.view.found(word("scan_opening", { name }));
  }

  /** @param {string} code */
  async #keep(code) {
    const { name = "", path = "" } = (await findTag(code).catch(() => undefined)) ?? {};
    try {
      const first = keepScan({ code, name, path, at: Date.now() });
      const said = name ? (first ? "scan_kept" : "scan_kept_before") : "scan_kept_unknown";
      this.view.status(word(said, { name: name || grouped(code) }));
    } catch {
      this.view.status(word("scan_list_full"));
    }
    if (name) signalHit();
    else signalOdd();
    this.list.draw();
  }

  /** @param {string} text */
  #foreign(text) {
    if (this.list.take) return this.list.take(text);
    signalOdd();
    this.view.foreign(text);
    this.view.status(word("scan_foreign"));
  }
}
