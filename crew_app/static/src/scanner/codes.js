/** Codes of tags, as crew_app/core/codes.py has them: 13 random characters and a check character. */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RANDOM = 13;
const LENGTH = RANDOM + 1;
const IGNORED = /[ \t\r\n\-\u2010-\u2015\u2212]/g;
const FIELD = 0b100101; // x^5 + x^2 + 1

/** @typedef {"length" | "character" | "check"} Fault */

/**
 * @param {string} text as people and scanners write it
 * @returns {{code: string, fault?: undefined} | {code?: undefined, fault: Fault}}
 */
export function normalise(text) {
  const code = cleaned(text);
  if ([...code].some((character) => !ALPHABET.includes(character))) return { fault: "character" };
  if (code.length !== LENGTH) return { fault: "length" };
  return checkCharacter(code.slice(0, RANDOM)) === code[RANDOM] ? { code } : { fault: "check" };
}

/**
 * The code in what a QR code says: the address of a tag on any host, or the bare code.
 * @param {string} text
 * @returns {string | null}
 */
export function codeIn(text) {
  return normalise(pathCode(text) ?? text).code ?? null;
}

/** @param {string} text a code or the beginning of one @returns {string} AAAAA-BBBBB-CCCC */
export function grouped(text) {
  return [text.slice(0, 5), text.slice(5, 10), text.slice(10)].filter(Boolean).join("-");
}

/** @param {string} text @returns {string} without what does not count, lookalikes made the same */
export function cleaned(text) {
  const plain = text.normalize("NFKC").replace(IGNORED, "").toUpperCase();
  return plain.replace(/[IL]/g, "1").replace(/O/g, "0");
}

/** @param {string} body */
function checkCharacter(body) {
  const total = [...body].reduceRight((sum, character) => double(sum ^ ALPHABET.indexOf(character)), 0);
  return ALPHABET[total];
}

/** @param {number} value in GF(32) */
function double(value) {
  const twice = value << 1;
  return twice & 0b100000 ? twice ^ FIELD : twice;
}

/** @param {string} text */
function pathCode(text) {
  return /^https?:\/\/[^/?#]+\/t\/([^/?#]+)\/?(?:[?#].*)?$/i.exec(text.trim())?.[1];
}
