/** The moment of the shutter: a frame, its time, its fingerprint and the challenge it answers. */

import { uuid7 } from "../ids.js";
import { inWorker, prepared } from "../outbox/photos.js";
import { takeChallenge } from "../outbox/purse.js";

/** @typedef {import("../outbox/photos.js").Photo} Photo */
/** @typedef {{canvas: HTMLCanvasElement, takenAt: string, shape: string}} Frame */

const LONGEST = 1600;
const QUALITY = 0.82;

/** @param {HTMLVideoElement} video @returns {Frame | null} null: there is no picture yet */
export function frameOf(video) {
  const { videoWidth: width, videoHeight: height } = video;
  if (!width || !height || video.readyState < video.HAVE_CURRENT_DATA) return null;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const canvas = Object.assign(document.createElement("canvas"), size);
  canvas.getContext("2d", { alpha: false })?.drawImage(video, 0, 0, size.width, size.height);
  return { canvas, takenAt: new Date().toISOString(), shape: `image/jpeg ${width}x${height}` };
}

/** @param {Frame} frame @returns {Promise<Photo>} */
export async function photoOf({ canvas, takenAt, shape }) {
  const [made, challenge] = await Promise.all([hashed(canvas), takeChallenge().catch(() => "")]);
  return { ...made, id: uuid7(), takenAt, source: "live", challenge, shape };
}

/**
 * A JPEG of a canvas with its fingerprint, made off the main thread where the browser can.
 * @param {HTMLCanvasElement} canvas
 */
export async function hashed(canvas) {
  try {
    return await inWorker(await createImageBitmap(canvas));
  } catch {
    return prepared(await blobOf(canvas));
  }
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
function blobOf(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });
}
