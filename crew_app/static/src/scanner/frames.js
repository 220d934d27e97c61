/** Pictures for the reader: what is seen of the video, or a part of any picture, made no larger than useful. */

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Crop
 * @typedef {{image?: ImageBitmap, pixels?: ImageData, width: number, height: number}} Shot
 */

const FRAME = 1280;
const STALLED = 500;

/** @param {HTMLVideoElement} video @returns {Promise<unknown>} when there is a new frame, or should have been one */
export function nextFrame(video) {
  return new Promise((resolve) => {
    setTimeout(resolve, "requestVideoFrameCallback" in video ? STALLED : 60);
    video.requestVideoFrameCallback?.(resolve);
  });
}

/** @param {HTMLVideoElement} video */
export function frameOf(video) {
  return shotOf(video, visible(video), FRAME);
}

/**
 * @param {HTMLVideoElement | ImageBitmap} source
 * @param {Crop} crop
 * @param {number} longest side
 * @returns {Promise<Shot>}
 */
export async function shotOf(source, crop, longest) {
  const { x, y, width, height } = crop;
  const scale = Math.min(1, longest / Math.max(width, height));
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (typeof OffscreenCanvas === "undefined") return { pixels: drawn(source, crop, size), ...size };
  return { image: await createImageBitmap(source, x, y, width, height), ...size };
}

/** The part that `object-fit: cover` leaves. @param {HTMLVideoElement} video @returns {Crop} */
function visible({ videoWidth, videoHeight, clientWidth, clientHeight }) {
  const scale = Math.max(clientWidth / videoWidth, clientHeight / videoHeight);
  const width = Math.min(videoWidth, Math.round(clientWidth / scale));
  const height = Math.min(videoHeight, Math.round(clientHeight / scale));
  return { x: (videoWidth - width) >> 1, y: (videoHeight - height) >> 1, width, height };
}

/**
 * Safari before 16.4 cannot draw in a worker.
 * @param {CanvasImageSource} source @param {Crop} crop @param {{width: number, height: number}} size
 */
function drawn(source, { x, y, width, height }, size) {
  const canvas = Object.assign(document.createElement("canvas"), size);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(source, x, y, width, height, 0, 0, size.width, size.height);
  return context.getImageData(0, 0, size.width, size.height);
}
