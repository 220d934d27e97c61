/** Makes a camera picture small enough to send, and keeps what it says about itself. */

import { sha256 } from "../ids.js";
import { takenAt, upright } from "./exif.js";
import { exifOf, isJpeg, sizeOf, withExif } from "./jpeg.js";

const LONGEST = 1600;
const SMALL = 600_000;
const QUALITY = 0.82;

/**
 * `shape`: type and size before anything was done to it.
 * @typedef {{bytes: ArrayBuffer, type: string, sha256: string, takenAt: string | null, shape: string}} Prepared
 * @typedef {{width: number, height: number}} Size
 */

/**
 * @param {Blob | ImageBitmap} file as it was chosen, or a frame of the camera
 * @returns {Promise<Prepared>}
 */
export async function prepare(file) {
  return file instanceof Blob ? prepareFile(file) : prepareFrame(file);
}

/** @param {ImageBitmap} frame @returns {Promise<Prepared>} */
async function prepareFrame(frame) {
  const shape = written("image/jpeg", frame);
  const bytes = await draw(frame);
  return { bytes, type: "image/jpeg", sha256: await sha256(bytes), takenAt: null, shape };
}

/** @param {Blob} file @returns {Promise<Prepared>} */
async function prepareFile(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const exif = isJpeg(bytes) ? exifOf(bytes) : null;
  const { result, type, size } = await shrink(file, bytes, exif);
  const buffer = /** @type {ArrayBuffer} */ (result.buffer);
  const shape = written(typeOf(file, bytes), size);
  return { bytes: buffer, type, sha256: await sha256(buffer), takenAt: exif && takenAt(exif), shape };
}

/** @param {string} type @param {Size | null} size @returns {string} "image/png 1080x2400" */
function written(type, size) {
  return size ? `${type} ${size.width}x${size.height}` : type;
}

/**
 * @param {Blob} file
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Uint8Array | null} exif
 */
async function shrink(file, bytes, exif) {
  const said = isJpeg(bytes) ? sizeOf(bytes) : null;
  if (said && bytes.length < SMALL && Math.max(said.width, said.height) <= LONGEST)
    return { result: bytes, type: "image/jpeg", size: said };
  try {
    const picture = await createImageBitmap(file); // fails when this browser cannot decode the picture
    const size = said ?? { width: picture.width, height: picture.height };
    const scaled = new Uint8Array(await draw(picture));
    const data = exif && upright(exif);
    return { result: data ? withExif(scaled, data) : scaled, type: "image/jpeg", size };
  } catch {
    return { result: bytes, type: typeOf(file, bytes), size: said };
  }
}

/** @param {ImageBitmap} picture @returns {Promise<ArrayBuffer>} */
async function draw(picture) {
  const factor = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * factor) || 1, Math.round(picture.height * factor) || 1);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return (await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY })).arrayBuffer();
}

/** @param {Blob} file @param {Uint8Array} bytes */
function typeOf(file, bytes) {
  if (isJpeg(bytes)) return "image/jpeg";
  const brand = String.fromCharCode(...bytes.subarray(4, 12));
  if (/^ftyp(hei|hev|mif1|msf1)/.test(brand)) return "image/heic";
  return file.type || "application/octet-stream";
}
