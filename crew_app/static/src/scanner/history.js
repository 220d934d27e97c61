/** Tags scanned one after another, kept on this phone for the person until they are removed. */

import { pagePerson } from "../page.js";

/** @typedef {{code: string, at: number, name: string, path: string}} Scan name: "" while the tag is unknown */

const KEY = `crew-scans ${pagePerson()}`;

/** @returns {Scan[]} the newest first */
export function scans() {
  return JSON.parse(localStorage.getItem(KEY) ?? "[]");
}

/**
 * Throws when the phone is full.
 * @param {Scan} scan
 * @returns {boolean} whether it is the first of this tag
 */
export function keepScan(scan) {
  const others = scans().filter(({ code }) => code !== scan.code);
  const first = others.length === scans().length;
  store([scan, ...others]);
  return first;
}

/** @param {(scan: Scan) => boolean} wanted */
export function dropScans(wanted) {
  store(scans().filter((scan) => !wanted(scan)));
}

/**
 * What was unknown may have come with a newer directory.
 * @param {(code: string) => Promise<{name: string, path: string} | undefined>} look
 */
export async function nameUnknown(look) {
  /** @type {Map<string, {name: string, path: string}>} */
  const found = new Map();
  for (const { code, name } of scans()) {
    const tag = name ? undefined : await look(code);
    if (tag) found.set(code, { name: tag.name, path: tag.path });
  }
  if (found.size) store(scans().map((scan) => ({ ...scan, ...found.get(scan.code) })));
}

/** @param {Scan[]} list */
function store(list) {
  localStorage.setItem(KEY, JSON.stringify(list));
}
