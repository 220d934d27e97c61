/** Reads codes in pictures; loaded when somebody takes one. */

import { textsIn } from "./scanner/pictures.js";
import { Reader } from "./scanner/reader.js";

/** @param {File} file @returns {Promise<string[]>} the texts on it, the one nearest to the middle first */
export async function codesOn(file) {
  const reader = new Reader();
  await reader.ready;
  return textsIn(file, reader).finally(() => reader.close());
}
