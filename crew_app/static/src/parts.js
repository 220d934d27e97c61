/** Scripts that only some pages need. An element names its own: `data-part="storeroom.js"`. */

import { behaviour } from "./behaviour.js";

behaviour("[data-part]", (/** @type {HTMLElement} */ { dataset }) => {
  part(dataset.part ?? "").catch(console.error);
});

/**
 * Of the build of this page: another one's would bring a page script of its own along.
 * @param {string} name
 * @returns {Promise<any>}
 */
export async function part(name) {
  return import(JSON.parse(document.documentElement.dataset.parts ?? "{}")[name]);
}
