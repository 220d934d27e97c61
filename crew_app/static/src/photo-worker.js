/** Worker: scales, keeps EXIF, hashes. One picture at a time, so that a phone's memory is enough. */

import { prepare } from "./photo/scale.js";

let line = Promise.resolve();

addEventListener("message", ({ data: { id, file } }) => {
  line = line.then(() => answer(id, file));
});

/** @param {number} id @param {Blob} file */
async function answer(id, file) {
  try {
    const photo = await prepare(file);
    postMessage({ id, photo }, { transfer: [photo.bytes] });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
}
