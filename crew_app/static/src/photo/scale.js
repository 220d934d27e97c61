/** Makes a camera picture small enough to send, and keeps what it says about itself. */

import { sha256 } from "../ids.js";
import { takenAt, upright } from "./exif.js";
import { exifOf, isJpeg, longestSide, withExif } from "./jpeg.js";

const LONGEST = 1600;
const SMALL = 600_000;
const QUALITY = 0.82;

/**
 * @typedef {{bytes: ArrayBuffer, type: string, sha256: string, takenAt: string | null}} Prepared
 */

/**
 * @param {Blob} file
 * @returns {Promise<Prepared>}
 */
export async function prepare(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const exif = isJpeg(bytes) ? exifOf(bytes) : null;
  const { result, type } = await shrink(file, bytes, exif);
  const buffer = /** @type {ArrayBuffer} */ (result.buffer);
  return { bytes: buffer, type, sha256: await sha256(buffer), takenAt: exif && takenAt(exif) };
}

/**
 * @param {Blob} file
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Uint8Array | null} exif
 */
async function shrink(file, bytes, exif) {
  if (isJpeg(bytes) && bytes.length < SMALL && longestSide(bytes) <= LONGEST)
    return { result: bytes, type: "image/jpeg" };
  try {
    const scaled = new Uint8Array(await draw(file));
    const data = exif && upright(exif);
    return { result: data ? withExif(scaled, data) : scaled, type: "image/jpeg" };
  } catch {
    return { result: bytes, type: typeOf(file, bytes) };
  }
}

/** @param {Blob} file @returns {Promise<ArrayBuffer>} fails when this browser cannot decode the picture */
async function draw(file) {
  const picture = await createImageBitmap(file);
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
  const brand = String.fromCharCode(...bytes.subarray(4, 12));
  if (/^ftyp(hei|hev|mif1|msf1)/.test(brand)) return "image/heic";
  return file.type || "application/octet-stream";
}
