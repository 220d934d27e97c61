/** Tags in a picture that was taken before. */

import { codeIn } from "./codes.js";
import { shotOf } from "./frames.js";

/** @typedef {import("./reader.js").Reader} Reader */

const SIZES = [1280, 2560, 640, 4096];

/**
 * @param {Blob} file throws what createImageBitmap throws when it cannot be decoded
 * @param {Reader} reader
 * @returns {Promise<string[]>}
 */
export async function textsIn(file, reader) {
  const picture = await createImageBitmap(file);
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const longest = Math.max(whole.width, whole.height);
  const found = [];
  for (const size of new Set(SIZES.map((side) => Math.min(side, longest)))) {
    found.push(...(await reader.read(await shotOf(picture, whole, size))));
    if (found.some(codeIn)) break;
  }
  picture.close();
  return found;
}
