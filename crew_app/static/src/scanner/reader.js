/** The code reader in its worker. Making one loads half a megabyte, so it waits for the camera or a picture. */

/** @typedef {import("./frames.js").Shot} Shot */

export class Reader {
  /** @type {Map<number, {resolve: (found: string[]) => void, reject: (reason: Error) => void}>} */
  #asked = new Map();
  #worker = new Worker(__ASSETS__["reader-worker.js"]);
  #count = 0;

  constructor() {
    this.#worker.addEventListener("message", ({ data }) => this.#answer(data));
    this.#worker.addEventListener("error", () => this.#break());
    /** Rejected when the reader cannot be loaded. */
    this.ready = this.#ask({});
    this.ready.catch(() => this.close());
  }

  /**
   * @param {Shot} shot
   * @param {number} [turn] which attempt to make; without it all of them
   * @returns {Promise<string[]>} texts, the one nearest to the middle first
   */
  read(shot, turn) {
    return this.#ask({ shot, turn }, shot.image ? [shot.image] : []);
  }

  close() {
    this.#worker.terminate();
  }

  /** @param {{shot?: Shot, turn?: number}} question @param {Transferable[]} [given] @returns {Promise<string[]>} */
  #ask(question, given = []) {
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...question }, given);
    });
  }

  /** @param {{id: number, found?: string[], failure?: string}} answer */
  #answer({ id, found, failure }) {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (found) asked?.resolve(found);
    else asked?.reject(new Error(failure));
  }

  #break() {
    this.#asked.forEach(({ reject }) => reject(new Error("the reader's worker broke")));
    this.#asked.clear();
  }
}
