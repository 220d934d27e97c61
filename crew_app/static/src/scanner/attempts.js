/**
 * Ways to prepare a picture before it is read. What blur, noise or shade hides from one of them another one finds.
 * @typedef {{gray: Uint8Array | Uint8ClampedArray, width: number, height: number}} Plane
 */

/** @type {Record<string, (plane: Plane) => Plane>} in the order in which frames take turns */
const WAYS = {
  plain: (plane) => plane,
  levelled,
  deblurred: (plane) => deblurred(halved(plane)),
  smoothed: (plane) => blurred(plane, 2),
  halved,
};

export const ATTEMPTS = Object.keys(WAYS);

/** @param {Plane} plane @param {string} attempt */
export function prepared(plane, attempt) {
  return WAYS[attempt](plane);
}

/** @param {ImageData} pixels @returns {Plane} */
export function planeOf({ data, width, height }) {
  const gray = new Uint8Array(width * height);
  for (let i = 0, j = 0; i < gray.length; i++, j += 4) {
    gray[i] = (306 * data[j] + 601 * data[j + 1] + 117 * data[j + 2] + 512) >> 10;
  }
  return { gray, width, height };
}

/** @param {Plane} plane */
function halved({ gray, width, height }) {
  const w = width >> 1;
  const h = height >> 1;
  const half = new Uint8Array(w * h);
  for (let y = 0, i = 0; y < h; y++) {
    for (let j = 2 * y * width; i < (y + 1) * w; i++, j += 2) {
      half[i] = (gray[j] + gray[j + 1] + gray[j + width] + gray[j + width + 1] + 2) >> 2;
    }
  }
  return { gray: half, width: w, height: h };
}

/**
 * The same brightness and contrast everywhere, for shade, glare and dim light. What is usual around a point is taken
 * from the half-size picture, which shows it as well in a quarter of the time.
 * @param {Plane} plane
 */
function levelled(plane) {
  const half = halved(plane);
  const mean = blurred(half, 5).gray;
  const spread = blurred({ ...half, gray: distances(half.gray, mean) }, 5).gray;
  const gain = Float32Array.from({ length: 256 }, (_, value) => 40 / (value + 4));
  const level = new Uint8ClampedArray(plane.gray.length);
  for (let y = 0, i = 0; y < plane.height; y++) {
    const row = Math.min(y >> 1, half.height - 1) * half.width;
    for (let x = 0; x < plane.width; x++, i++) {
      const j = row + Math.min(x >> 1, half.width - 1);
      level[i] = 128 + gain[spread[j]] * (plane.gray[i] - mean[j]);
    }
  }
  return { ...plane, gray: level };
}

/** @param {Plane["gray"]} one @param {Plane["gray"]} other */
function distances(one, other) {
  const distance = new Uint8Array(one.length);
  for (let i = 0; i < one.length; i++) distance[i] = Math.abs(one[i] - other[i]);
  return distance;
}

/**
 * Undo a blur of unknown cause step by step: what blurring the guess loses is added to the guess (Van Cittert).
 * @param {Plane} plane
 */
function deblurred(plane) {
  let guess = plane;
  for (let round = 0; round < 4; round++) guess = corrected(guess, plane, blurred(blurred(guess, 2), 2));
  return guess;
}

/** @param {Plane} guess @param {Plane} seen @param {Plane} softened */
function corrected(guess, seen, softened) {
  const better = new Uint8ClampedArray(guess.gray.length);
  for (let i = 0; i < better.length; i++) better[i] = guess.gray[i] + 1.8 * (seen.gray[i] - softened.gray[i]);
  return { ...guess, gray: better };
}

/**
 * The mean over a square, by running sums along the rows and then down the columns.
 * @param {Plane} plane @param {number} radius
 */
function blurred(plane, radius) {
  return { ...plane, gray: columnMeans(rowSums(plane, radius), plane, radius) };
}

/** @param {Plane} plane @param {number} radius */
function rowSums({ gray, width, height }, radius) {
  const sums = new Uint16Array(gray.length);
  for (let y = 0; y < height; y++) {
    const first = y * width;
    const last = first + width - 1;
    let sum = gray[first] * radius;
    for (let x = 0; x < radius; x++) sum += gray[first + x];
    for (let i = first; i <= last; i++) {
      sum += gray[Math.min(i + radius, last)];
      sums[i] = sum;
      sum -= gray[Math.max(i - radius, first)];
    }
  }
  return sums;
}

/** @param {Uint16Array} sums @param {Plane} plane @param {number} radius */
function columnMeans(sums, { width, height }, radius) {
  const means = new Uint8Array(sums.length);
  const share = 1 / (2 * radius + 1) ** 2;
  const running = new Float64Array(width);
  const row = (/** @type {number} */ y) => Math.min(Math.max(y, 0), height - 1) * width;
  for (let y = -radius; y < radius; y++) for (let x = 0; x < width; x++) running[x] += sums[row(y) + x];
  for (let y = 0, i = 0; y < height; y++) {
    const enters = row(y + radius);
    const leaves = row(y - radius);
    for (let x = 0; x < width; x++, i++) {
      running[x] += sums[enters + x];
      means[i] = running[x] * share + 0.5;
      running[x] -= sums[leaves + x];
    }
  }
  return means;
}
