/** What becomes of a text that was read: a tag's or a bin's page opens, or the tag goes into the list, or it is none of ours. */

import { findTag, stopAt } from "../directory.js";
import { word } from "../words.js";
import { binIn } from "./bins.js";
import { codeIn, grouped } from "./codes.js";
import { keepScan } from "./history.js";
import { keepSighting } from "./sighting.js";
import { Sightings } from "./sightings.js";
import { signalHit, signalOdd } from "./signals.js";

/**
 * Where tags go that are not opened. Who takes texts takes all of them, also those that are no tags of ours.
 * @typedef {{isCollecting: () => boolean, draw: () => void, take?: (text: string) => void}} Taker
 */

const GLANCE = 150; // long enough to see, feel and hear the hit
const LONGEST = 1_000;

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
    if (code) return this.#sightings.isNew(code) && (this.tag(code, "scan"), true);
    const bin = this.list.take ? null : texts.map(binIn).find(Boolean);
    if (bin) return this.#sightings.isNew(bin.path) && (this.#go(bin.path, bin.name), true);
    const [text] = texts.filter((one) => one && this.#sightings.isSure(one));
    return Boolean(text) && this.#sightings.isNew(text) && (this.#foreign(text), true);
  }

  /** @param {string[]} texts in a picture that somebody chose */
  inPicture(texts) {
    const code = texts.map(codeIn).find(Boolean);
    const bin = texts.map(binIn).find(Boolean);
    if (code) this.tag(code, "picture");
    else if (bin) this.#go(bin.path, bin.name);
    else if (texts[0]) this.#foreign(texts[0]);
    else this.view.status(word("scan_picture_none"));
  }

  /** @param {string} code @param {"scan" | "typed" | "picture"} how */
  tag(code, how) {
    this.view.foreign(null);
    if (this.list.take) this.list.take(code);
    else if (this.list.isCollecting()) this.#keep(code);
    else this.#open(code, how);
  }

  /** The camera may look at the same tag again and be answered. */
  forget() {
    this.#sightings.forget();
  }

  /** A stop of a round that is due here, or else the page of the tag. @param {string} code @param {"scan" | "typed" | "picture"} how */
  async #open(code, how) {
    this.onLeave();
    signalHit();
    keepSighting(code, how, how === "scan" ? this.view.video : null);
    this.view.found(word("scan_opening", { name: grouped(code) }));
    const target = this.#target(code).catch(() => undefined);
    await glance(GLANCE);
    location.assign((await Promise.race([target, glance(LONGEST)])) ?? `/t/${code}`);
  }

  /** @param {string} code @returns {Promise<string | undefined>} */
  async #target(code) {
    const tag = await findTag(code);
    if (tag) this.view.found(word("scan_opening", { name: tag.name }));
    const stop = tag && (await stopAt(tag, Date.now()));
    return stop && `/rounds/runs/${stop.run}#stop-${stop.id}`;
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

/** @param {number} ms @returns {Promise<undefined>} */
function glance(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
