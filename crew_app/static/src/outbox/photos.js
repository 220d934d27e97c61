/** Pictures chosen in forms: prepared in the worker as soon as they are chosen, kept until the form is saved. */

import { sha256, uuid7 } from "../ids.js";

/**
 * @typedef {Object} Photo
 * @property {string} id
 * @property {ArrayBuffer} bytes
 * @property {string} type
 * @property {string} sha256
 * @property {string} takenAt
 * @property {string} source live, camera, gallery or file
 * @property {string} [purpose] which check it is for
 * @property {string} [challenge] the one-time capture challenge it answers
 * @property {string} [copyOf] id of the picture that it is drawn on
 * @property {string} [shape] type and size as it was chosen
 */

const TOO_LONG = 30_000;
const FRESH = 120_000;

/** @type {Worker | undefined} */
let worker;
let calls = 0;

/**
 * @param {File} file
 * @param {HTMLInputElement} input
 * @returns {Promise<Photo>} fails only when the file itself cannot be read
 */
export async function photoFrom(file, input) {
  const photo = await prepared(file);
  const takenAt = photo.takenAt ?? new Date(file.lastModified).toISOString();
  return { ...photo, id: uuid7(), takenAt, source: sourceOf(file, input) };
}

/** @param {Blob} file @returns {Promise<import("../photo/scale.js").Prepared>} */
export function prepared(file) {
  return inWorker(file).catch(() => asItIs(file));
}

/** @param {Blob | ImageBitmap} file a bitmap is gone afterwards @returns {Promise<import("../photo/scale.js").Prepared>} */
export function inWorker(file) {
  worker ??= new Worker(__ASSETS__["photo-worker.js"]);
  const id = ++calls;
  const ended = new AbortController();
  const { signal } = ended;
  return new Promise((resolve, reject) => {
    worker?.addEventListener(
      "message",
      ({ data }) => data.id === id && (data.photo ? resolve(data.photo) : reject(data.error)),
      { signal },
    );
    worker?.addEventListener("error", reject, { signal });
    signal.addEventListener("abort", reject);
    setTimeout(() => ended.abort(), TOO_LONG);
    worker?.postMessage({ id, file }, file instanceof Blob ? [] : [file]);
  }).finally(() => ended.abort());
}

/** Without a working worker the original goes. @param {Blob} file */
async function asItIs(file) {
  worker?.terminate();
  worker = undefined;
  const bytes = await file.arrayBuffer();
  const type = file.type || "application/octet-stream";
  return { bytes, type, sha256: await sha256(bytes), takenAt: null, shape: type };
}

/** @param {File} file @param {HTMLInputElement} input */
function sourceOf(file, input) {
  if (input.dataset.source) return input.dataset.source;
  if (input.hasAttribute("capture") && Date.now() - file.lastModified < FRESH) return "camera";
  return matchMedia("(pointer: coarse)").matches ? "gallery" : "file";
}

/**
 * The fields by which a command announces its photos.
 * @param {Photo[]} photos
 * @returns {[string, string][]}
 */
export function announcement(photos) {
  const named = photos.some(({ purpose }) => purpose);
  return photos.flatMap(
    (photo) =>
      /** @type {[string, string][]} */ ([
        ["photo_id", photo.id],
        ["photo_sha256", photo.sha256],
        ["photo_bytes", String(photo.bytes.byteLength)],
        ["photo_type", photo.type],
        ["photo_taken_at", photo.takenAt],
        ["photo_source", photo.source],
        ["photo_challenge", photo.challenge ?? ""],
        ["photo_copy_of", photo.copyOf ?? ""],
        ["photo_shape", photo.shape ?? ""],
        ...(named ? [["photo_for", photo.purpose ?? ""]] : []),
      ]),
  );
}
