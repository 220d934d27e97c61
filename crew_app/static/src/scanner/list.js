/** The list of scans on the page: names, unknown tags, copying, sharing, removing. */

import { ask } from "../dialogs.js";
import { notice } from "../notices.js";
import { clone, show, slot } from "../page.js";
import { clock, word } from "../words.js";
import { grouped } from "./codes.js";
import { dropScans, scans } from "./history.js";

/** @typedef {import("./history.js").Scan} Scan */

export class ScanList {
  /** @param {HTMLElement} root @param {() => boolean} isCollecting */
  constructor(root, isCollecting) {
    this.root = root;
    this.isCollecting = isCollecting;
    this.#on("[data-scan-copy]", () => copy(scans()));
    this.#on("[data-scan-copy-unknown]", () => copy(unknown()));
    this.#on("[data-scan-share-unknown]", () => share(unknown()));
    this.#on("[data-scan-clear]", () => this.#clear());
    this.#on("[data-scan-remove]", (button) => this.#remove(button));
  }

  draw() {
    const all = scans();
    show(this.root, this.isCollecting() || all.length > 0);
    this.#show("[data-scan-empty]", all.length === 0);
    this.#show("[data-scan-some]", all.length > 0);
    this.#show("[data-scan-unknown]", unknown().length > 0);
    this.#show("[data-scan-share-unknown]", "share" in navigator);
    this.#part("[data-scan-count]").textContent = all.length ? String(all.length) : "";
    this.#part("[data-scan-rows]").replaceChildren(...all.flatMap(rowOf));
  }

  /** @param {HTMLElement} button */
  #remove(button) {
    const row = button.closest("li");
    dropScans(({ code }) => code === row?.dataset.code);
    this.draw();
  }

  async #clear() {
    const text = word("scan_clear_question", { count: scans().length });
    if ((await ask("confirm-template", { text, ok: word("scan_clear") })) !== "ok") return;
    dropScans(() => true);
    this.draw();
  }

  /** @param {string} selector @param {(element: HTMLElement) => void} act */
  #on(selector, act) {
    this.root.addEventListener("click", ({ target }) => {
      const element = target instanceof Element ? target.closest(selector) : null;
      if (element instanceof HTMLElement) act(element);
    });
  }

  /** @param {string} selector @returns {HTMLElement} */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.root.querySelector(selector));
  }

  /** @param {string} selector @param {boolean} visible */
  #show(selector, visible) {
    this.root.querySelectorAll(selector).forEach((element) => show(element, visible));
  }
}

function unknown() {
  return scans().filter(({ name }) => !name);
}

/** @param {Scan} scan */
function rowOf({ code, at, name, path }) {
  const known = Boolean(name);
  const row = clone("scan-row-template", {
    name: name || grouped(code),
    path: path,
    code: known ? grouped(code) : "",
    at: clock(at),
  });
  if (!row) return [];
  row.dataset.code = code;
  slot(row, "name")?.setAttribute("href", `/t/${code}`);
  row.querySelectorAll("[data-scan-is-unknown]").forEach((element) => show(element, !known));
  return [row];
}

/** @param {Scan[]} list */
function textOf(list) {
  const lines = list.map(({ code, name, path }) => [grouped(code), name || word("scan_unknown"), path]);
  return lines.map((parts) => parts.filter(Boolean).join("\t")).join("\n");
}

/** @param {Scan[]} list */
async function copy(list) {
  try {
    await navigator.clipboard.writeText(textOf(list));
    notice("success", word("copied"));
  } catch {
    notice("warn", word("scan_not_copied"), textOf(list));
  }
}

/** @param {Scan[]} list */
async function share(list) {
  const text = `${word("scan_unknown_report")}\n${textOf(list)}`;
  await navigator.share({ text }).catch(() => {}); // closed without sharing
}
