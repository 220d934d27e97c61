/** The last tag that was scanned: when, how, and what the camera saw; kept until the stop it opened is done. */

const KEY = "crew-sighting";
const FRESH = 30 * 60_000;
const [COLUMNS, ROWS] = [9, 8];
const FRAME = 320;

/** @typedef {{code: string, how: "scan" | "typed" | "picture", at: string, hash: string, frame: string}} Sighting */

/** @param {string} code @param {"scan" | "typed" | "picture"} how @param {HTMLVideoElement | null} video what the camera sees */
export function keepSighting(code, how, video) {
  const seen = video?.videoWidth ? { hash: differenceHash(video), frame: pictureOf(video) } : { hash: "", frame: "" };
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ code, how, at: new Date().toISOString(), ...seen }));
  } catch (error) {
    console.error(error);
  }
}

/** @returns {Sighting | null} */
export function lastSighting() {
  const found = /** @type {Sighting | null} */ (JSON.parse(sessionStorage.getItem(KEY) ?? "null"));
  return found && Date.now() - Date.parse(found.at) < FRESH ? found : null;
}

export function forgetSighting() {
  sessionStorage.removeItem(KEY);
}

/**
 * 64 bits: whether each of 8 by 8 spots is brighter than its right neighbour; alike for pictures that look alike.
 * @param {HTMLVideoElement} video
 * @returns {string} 16 hexadecimal digits
 */
export function differenceHash(video) {
  const { data } = drawn(video, COLUMNS, ROWS).getImageData(0, 0, COLUMNS, ROWS);
  const light = (/** @type {number} */ spot) => data[4 * spot] * 0.299 + data[4 * spot + 1] * 0.587 + data[4 * spot + 2] * 0.114;
  let bits = "";
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS - 1; column++) {
      const spot = row * COLUMNS + column;
      bits += light(spot) > light(spot + 1) ? "1" : "0";
    }
  }
  return bits.replace(/.{4}/g, (four) => parseInt(four, 2).toString(16));
}

/** @param {HTMLVideoElement} video @returns {string} a small JPEG as a data URL */
function pictureOf(video) {
  const scale = Math.min(1, FRAME / Math.max(video.videoWidth, video.videoHeight));
  const context = drawn(video, Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale));
  return context.canvas.toDataURL("image/jpeg", 0.6);
}

/** @param {HTMLVideoElement} video @param {number} width @param {number} height */
function drawn(video, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(video, 0, 0, width, height);
  return context;
}
