/** SHA-256 without waiting: crypto.subtle answers later, and not at all where a page came over http. */

const K = new Uint32Array(64);
const START = new Uint32Array(8);
for (let found = 0, number = 2; found < 64; number++) {
  if (!isPrime(number)) continue;
  if (found < 8) START[found] = fraction(Math.sqrt(number));
  K[found++] = fraction(Math.cbrt(number));
}
const W = new Uint32Array(64);
const encoder = new TextEncoder();

/** @param {string} text @returns {number} with how many zero bits its hash begins, 32 at most */
export function leadingZeros(text) {
  return Math.clz32(firstWord(encoder.encode(text)));
}

/** @param {Uint8Array} bytes @returns {number} */
export function firstWord(bytes) {
  return hashed(bytes)[0] ?? 0;
}

/** @param {Uint8Array} bytes @returns {string} the whole hash in hexadecimal */
export function slowSha256(bytes) {
  return Array.from(hashed(bytes), (word) => word.toString(16).padStart(8, "0")).join("");
}

/** @param {Uint8Array} bytes */
function hashed(bytes) {
  const blocks = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64);
  blocks.set(bytes);
  blocks[bytes.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 4, bytes.length * 8);
  const hash = START.slice();
  for (let at = 0; at < blocks.length; at += 64) mix(hash, view, at);
  return hash;
}

/** @param {Uint32Array} hash @param {DataView} view @param {number} at */
function mix(hash, view, at) {
  expand(view, at);
  let [a, b, c, d, e, f, g, h] = /** @type {number[]} */ (/** @type {unknown} */ (hash));
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (hash[i] += word));
}

/** @param {DataView} view @param {number} at */
function expand(view, at) {
  for (let i = 0; i < 16; i++) W[i] = view.getUint32(at + i * 4);
  for (let i = 16; i < 64; i++) {
    const [x, y] = /** @type {[number, number]} */ ([W[i - 15], W[i - 2]]);
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
}

/** @param {number} word @param {number} by */
function rotate(word, by) {
  return (word >>> by) | (word << (32 - by));
}

/** @param {number} number */
function fraction(number) {
  return (number - Math.floor(number)) * 2 ** 32;
}

/** @param {number} number */
function isPrime(number) {
  for (let by = 2; by * by <= number; by++) if (number % by === 0) return false;
  return true;
}
