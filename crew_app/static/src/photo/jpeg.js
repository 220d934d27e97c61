/** The segments of a JPEG file, as far as we need them. */

const START_OF_SCAN = 0xda;
const NOT_FRAMES = [0xc4, 0xc8, 0xcc];

/** @param {Uint8Array} bytes */
export function isJpeg(bytes) {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/**
 * The segments before the picture itself.
 * @param {Uint8Array} bytes
 * @returns {Generator<{marker: number, segment: Uint8Array}>}
 */
function* segments(bytes) {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1];
    const end = at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
    if (marker === START_OF_SCAN || end > bytes.length) return;
    yield { marker, segment: bytes.subarray(at, end) };
    at = end;
  }
}

/** @param {Uint8Array} bytes @returns {{width: number, height: number} | null} as the file has it, not turned */
export function sizeOf(bytes) {
  for (const { marker, segment } of segments(bytes)) {
    if (marker < 0xc0 || marker > 0xcf || NOT_FRAMES.includes(marker)) continue;
    return { width: segment[7] * 256 + segment[8], height: segment[5] * 256 + segment[6] };
  }
  return null;
}

/** @param {Uint8Array} bytes @returns {Uint8Array | null} the EXIF segment with its marker and length */
export function exifOf(bytes) {
  for (const { marker, segment } of segments(bytes)) {
    if (marker === 0xe1 && String.fromCharCode(...segment.subarray(4, 10)) === "Exif\0\0") return segment;
  }
  return null;
}

/**
 * @param {Uint8Array} bytes a JPEG without EXIF
 * @param {Uint8Array} segment
 * @returns {Uint8Array<ArrayBuffer>} with the segment as its first
 */
export function withExif(bytes, segment) {
  const result = new Uint8Array(bytes.length + segment.length);
  result.set(bytes.subarray(0, 2));
  result.set(segment, 2);
  result.set(bytes.subarray(2), 2 + segment.length);
  return result;
}
