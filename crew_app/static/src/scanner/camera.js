/** The phone's camera: opening it, its light, its neighbours, and why it could not be opened. */

/** @typedef {"refused" | "missing" | "busy" | "insecure" | "unsupported"} Problem */

/** @typedef {{width: number, height: number}} Size */

const CHOSEN = "crew-camera";
const WIDE = { width: 1920, height: 1080 };

/** @type {Record<string, Problem>} */
const PROBLEMS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** @param {unknown} error from opening @returns {Problem} */
export function problemOf(error) {
  if (!isSecureContext) return "insecure";
  return PROBLEMS[error instanceof DOMException ? error.name : ""] ?? "unsupported";
}

export class Camera {
  /** @type {WakeLockSentinel | undefined} */
  #awake;
  /** @type {any} what browsers can do beyond the types that TypeScript knows */
  #can;

  /** @param {MediaStream} stream */
  constructor(stream) {
    this.stream = stream;
    this.track = stream.getVideoTracks()[0];
    this.#can = this.track.getCapabilities?.() ?? {};
    if (this.#can.focusMode?.includes("continuous")) this.#set({ focusMode: "continuous" }).catch(() => {});
    this.#stayAwake();
  }

  /**
   * @param {Size} [size] as near as it can
   * @returns {Promise<Camera>} the one that was chosen before, else the one at the back
   */
  static async open(size = WIDE) {
    const chosen = localStorage.getItem(CHOSEN);
    try {
      return await opened(chosen ? { deviceId: { exact: chosen } } : { facingMode: { ideal: "environment" } }, size);
    } catch (error) {
      if (!chosen || problemOf(error) !== "missing") throw error;
      localStorage.removeItem(CHOSEN);
      return Camera.open(size);
    }
  }

  close() {
    this.track.stop();
    this.#awake?.release();
  }

  get hasTorch() {
    return Boolean(this.#can.torch);
  }

  /** @param {boolean} on */
  setTorch(on) {
    return this.#set({ torch: on });
  }

  /** @returns {Promise<string[]>} ids of the others, the next one first */
  async others() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const ids = devices.filter(({ kind }) => kind === "videoinput").map(({ deviceId }) => deviceId);
    const here = ids.indexOf(this.track.getSettings().deviceId ?? "");
    return [...ids.slice(here + 1), ...ids.slice(0, Math.max(here, 0))];
  }

  /** The next time another one is opened, and from then on. */
  async chooseNext() {
    const [next] = await this.others();
    if (next) localStorage.setItem(CHOSEN, next);
  }

  /** @param {Record<string, unknown>} setting */
  #set(setting) {
    return this.track.applyConstraints(/** @type {MediaTrackConstraints} */ ({ advanced: [setting] }));
  }

  async #stayAwake() {
    this.#awake = await navigator.wakeLock?.request("screen").catch(() => undefined);
    if (this.track.readyState === "ended") this.#awake?.release();
  }
}

/** @param {MediaTrackConstraints} which @param {Size} size */
async function opened(which, { width, height }) {
  const video = { ...which, width: { ideal: width }, height: { ideal: height } };
  return new Camera(await navigator.mediaDevices.getUserMedia({ audio: false, video }));
}
