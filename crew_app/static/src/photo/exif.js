/** Reading and adjusting an EXIF segment (marker, length, "Exif", TIFF). */

const TIFF = 10;
const ORIENTATION = 0x0112;
const EXIF_TABLE = 0x8769;
const TAKEN = 0x9003;
const TAKEN_OFFSET = 0x9011;
const THUMBNAIL_AT = 0x0201;
const THUMBNAIL_LENGTH = 0x0202;

/**
 * The same data for the turned and scaled picture: upright, without the small picture inside.
 * @param {Uint8Array} segment
 * @returns {Uint8Array | null} null when it cannot be understood: a wrong orientation would be worse than none
 */
export function upright(segment) {
  try {
    const copy = segment.slice();
    const tiff = reader(copy);
    const first = table(tiff, tiff.long(4));
    if (first.has(ORIENTATION)) tiff.setShort(first.get(ORIENTATION) + 8, 1);
    return withoutThumbnail(copy, tiff, first);
  } catch {
    return null;
  }
}

/**
 * @param {Uint8Array} segment
 * @returns {string | null} when the picture was taken, ISO 8601; without a zone in the file the phone's own is meant
 */
export function takenAt(segment) {
  try {
    const tiff = reader(segment);
    const details = table(tiff, tiff.long(table(tiff, tiff.long(4)).get(EXIF_TABLE) + 8));
    const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text(tiff, details.get(TAKEN)));
    if (!parts) return null;
    const zone = details.has(TAKEN_OFFSET) ? text(tiff, details.get(TAKEN_OFFSET)) : "";
    return new Date(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}${zone}`).toISOString();
  } catch {
    return null;
  }
}

/** @param {Uint8Array} segment */
function reader(segment) {
  const view = new DataView(segment.buffer, segment.byteOffset + TIFF, segment.byteLength - TIFF);
  const little = view.getUint16(0) === 0x4949;
  return {
    short: (/** @type {number} */ at) => view.getUint16(at, little),
    long: (/** @type {number} */ at) => view.getUint32(at, little),
    byte: (/** @type {number} */ at) => view.getUint8(at),
    setShort: (/** @type {number} */ at, /** @type {number} */ value) => view.setUint16(at, value, little),
    setLong: (/** @type {number} */ at, /** @type {number} */ value) => view.setUint32(at, value, little),
  };
}

/**
 * @param {ReturnType<typeof reader>} tiff
 * @param {number} at
 * @returns {Map<number, any>} where the entry of each tag is
 */
function table(tiff, at) {
  const entries = new Map();
  const count = tiff.short(at);
  for (let index = 0; index < count; index++) {
    const entry = at + 2 + index * 12;
    entries.set(tiff.short(entry), entry);
  }
  return entries.set("next", at + 2 + count * 12);
}

/** @param {ReturnType<typeof reader>} tiff @param {number} entry */
function text(tiff, entry) {
  const length = tiff.long(entry + 4);
  const at = length > 4 ? tiff.long(entry + 8) : entry + 8;
  const codes = Array.from({ length }, (_, index) => tiff.byte(at + index));
  return String.fromCharCode(...codes)
    .replace(/\0.*$/, "")
    .trim();
}

/**
 * Unlink the thumbnail and cut it off where it is the last thing in the segment, as it nearly always is.
 * @param {Uint8Array} segment
 * @param {ReturnType<typeof reader>} tiff
 * @param {Map<any, number>} first
 */
function withoutThumbnail(segment, tiff, first) {
  const link = /** @type {number} */ (first.get("next"));
  const second = tiff.long(link);
  if (!second) return segment;
  const cut = thumbnailStart(segment, tiff, table(tiff, second));
  tiff.setLong(link, 0);
  return cut ? shortened(segment, TIFF + cut) : segment;
}

/** @param {Uint8Array} segment @param {ReturnType<typeof reader>} tiff @param {Map<any, number>} entries */
function thumbnailStart(segment, tiff, entries) {
  const at = entries.get(THUMBNAIL_AT);
  const size = entries.get(THUMBNAIL_LENGTH);
  if (at === undefined || size === undefined) return 0;
  const start = tiff.long(at + 8);
  return TIFF + start + tiff.long(size + 8) + 4 >= segment.length ? start : 0;
}

/** @param {Uint8Array} segment @param {number} length */
function shortened(segment, length) {
  const result = segment.slice(0, length);
  new DataView(result.buffer).setUint16(2, length - 2);
  return result;
}
