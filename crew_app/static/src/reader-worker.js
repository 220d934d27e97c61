/** Reads QR codes away from the page's own thread; answers each message {id, ...} with {id, found} or {id, failure}. */

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

import { ATTEMPTS, planeOf, prepared } from "./scanner/attempts.js";
import { codeIn } from "./scanner/codes.js";

/** @typedef {import("./scanner/frames.js").Shot} Shot */
/** @typedef {import("./scanner/attempts.js").Plane} Plane */

/** @type {import("zxing-wasm/reader").ReaderOptions} */
const OPTIONS = {
  formats: ["QRCode"],
  tryRotate: false, // QR codes are found at any angle without it
  tryInvert: false,
  tryDenoise: true,
  textMode: "Plain",
  maxNumberOfSymbols: 4,
};

const loaded = prepareZXingModule({
  overrides: { locateFile: () => __ASSETS__["zxing_reader.wasm"] },
  fireImmediately: true,
});
loaded.catch(() => {}); // told to whoever asks

addEventListener("message", async ({ data: { id, shot, turn } }) => {
  try {
    await loaded;
    postMessage({ id, found: shot ? await look(shot, turn) : [] });
  } catch (error) {
    postMessage({ id, failure: String(error) });
  }
});

/**
 * @param {Shot} shot
 * @param {number} [turn] which attempt to make; without it all of them until a tag is found
 * @returns {Promise<string[]>} texts, the one nearest to the middle first
 */
async function look(shot, turn) {
  const plane = planeOf(shot.pixels ?? pixelsOf(shot));
  const attempts = turn === undefined ? ATTEMPTS : [ATTEMPTS[turn % ATTEMPTS.length]];
  const found = [];
  for (const attempt of attempts) {
    found.push(...(await read(prepared(plane, attempt))));
    if (found.some(codeIn)) break;
  }
  return found;
}

/** @type {OffscreenCanvas | undefined} */
let canvas;

/** @param {Shot} shot @returns {ImageData} */
function pixelsOf({ image, width, height }) {
  canvas ??= new OffscreenCanvas(width, height);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.imageSmoothingQuality = "medium";
  context.drawImage(/** @type {ImageBitmap} */ (image), 0, 0, width, height);
  image?.close();
  return context.getImageData(0, 0, width, height);
}

/** @param {Plane} plane */
async function read(plane) {
  const results = await readBarcodes(colourOf(plane), OPTIONS);
  const distance = (/** @type {typeof results[0]} */ result) => fromMiddle(result.position, plane);
  return results.sort((one, other) => distance(one) - distance(other)).map(({ text }) => text);
}

/** @param {Record<"topLeft" | "bottomRight", {x: number, y: number}>} corners @param {Plane} plane */
function fromMiddle({ topLeft, bottomRight }, { width, height }) {
  return Math.hypot(topLeft.x + bottomRight.x - width, topLeft.y + bottomRight.y - height);
}

/** The reader takes nothing but colour pictures. @param {Plane} plane @returns {ImageData} */
function colourOf({ gray, width, height }) {
  const colours = new Uint32Array(gray.length);
  for (let i = 0; i < gray.length; i++) colours[i] = gray[i] * 0x01010101;
  return { data: new Uint8ClampedArray(colours.buffer), width, height, colorSpace: "srgb" };
}
