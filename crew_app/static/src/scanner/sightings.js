/** What was seen when: a camera sees the same code thirty times a second, and now and then one that is not there. */

const PAUSE = 3_000;

export class Sightings {
  /** @type {Map<string, number>} */
  #last = new Map();

  /**
   * @param {string} text
   * @returns {boolean} whether it was out of sight for three seconds
   */
  isNew(text) {
    const last = this.#last.get(text) ?? -Infinity;
    this.#last.set(text, performance.now());
    return performance.now() - last > PAUSE;
  }

  /**
   * Anything may be in a code that is not ours, so nothing shows a misreading but that it does not come again.
   * @param {string} text
   * @returns {boolean} whether this is the second time within three seconds
   */
  isSure(text) {
    return !this.isNew(`sure? ${text}`);
  }

  forget() {
    this.#last.clear();
  }
}
