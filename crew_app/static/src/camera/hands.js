/** How the phone is held: level or not, steady or not. Only hints; the shutter never waits for them. */

/** @typedef {{roll: number | null, steady: boolean}} Held roll in degrees; null: lying flat, or nobody knows */

const FLAT = 0.85;
const TURNING = 14;
const CALM = 0.6;
const SILENT = 1_500;
const LOOK = 300;
const SEEN = 9;
const GRID = { width: 32, height: 24 };

/**
 * How far the horizon is turned in the view.
 * @param {number} beta degrees, as the browser says
 * @param {number} gamma
 * @param {number} screen how the screen is turned
 * @returns {number | null}
 */
export function rollOf(beta, gamma, screen) {
  const [b, g] = [beta, gamma].map((degrees) => (degrees * Math.PI) / 180);
  const up = { x: -Math.cos(b) * Math.sin(g), y: Math.sin(b), z: Math.cos(b) * Math.cos(g) };
  if (Math.abs(up.z) > FLAT) return null;
  const roll = (Math.atan2(up.x, up.y) * 180) / Math.PI - screen;
  return ((roll + 540) % 360) - 180;
}

/**
 * @param {HTMLVideoElement} video looked at where there is no sensor
 * @param {(held: Held) => void} tell
 * @returns {() => void} ends it
 */
export function watchHands(video, tell) {
  const ended = new AbortController();
  const { signal } = ended;
  /** @type {Held} */
  const held = { roll: null, steady: true };
  const say = (/** @type {Partial<Held>} */ news) => tell(Object.assign(held, news));
  let turning = 0;
  let felt = false;
  addEventListener("deviceorientation", ({ beta, gamma }) => {
    if (beta !== null && gamma !== null) say({ roll: rollOf(beta, gamma, globalThis.screen.orientation?.angle ?? 0) });
  }, { signal });
  addEventListener("devicemotion", ({ rotationRate }) => {
    const { alpha = null, beta = null, gamma = null } = rotationRate ?? {};
    if (alpha === null) return;
    felt = true;
    turning = CALM * turning + (1 - CALM) * Math.hypot(alpha, beta ?? 0, gamma ?? 0);
    say({ steady: turning < TURNING });
  }, { signal });
  askForSensors();
  const timer = setTimeout(() => felt || signal.aborted || watchFrames(video, signal, say), SILENT);
  return () => {
    clearTimeout(timer);
    ended.abort();
  };
}

/** Some phones want to be asked, and answer only right after a touch. */
function askForSensors() {
  const asked = [globalThis.DeviceOrientationEvent, globalThis.DeviceMotionEvent];
  for (const kind of /** @type {any[]} */ (asked)) kind?.requestPermission?.().catch(() => {});
}

/** @param {HTMLVideoElement} video @param {AbortSignal} signal @param {(news: Partial<Held>) => void} say */
function watchFrames(video, signal, say) {
  const canvas = Object.assign(document.createElement("canvas"), GRID);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  /** @type {Uint8ClampedArray | undefined} */
  let last;
  const timer = setInterval(() => {
    if (!context || !video.videoWidth || video.paused) return;
    context.drawImage(video, 0, 0, GRID.width, GRID.height);
    const { data } = context.getImageData(0, 0, GRID.width, GRID.height);
    if (last) say({ steady: difference(data, last) < SEEN });
    last = data;
  }, LOOK);
  signal.addEventListener("abort", () => clearInterval(timer));
}

/** @param {Uint8ClampedArray} one @param {Uint8ClampedArray} other @returns {number} mean, by one colour of four */
function difference(one, other) {
  let sum = 0;
  for (let at = 1; at < one.length; at += 4) sum += Math.abs(one[at] - other[at]);
  return sum / (one.length / 4);
}
