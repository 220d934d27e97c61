/** The camera within a page: it goes on from code to code, and the page stays as long as it looks. */

import { setInHand } from "../outbox/ours.js";
import { show } from "../page.js";

/**
 * @param {HTMLElement} root
 * @param {HTMLFormElement} form what is seen goes there
 * @param {(text: string) => void} take
 * @returns {() => void} ends it
 */
export function startCamera(root, form, take) {
  const frame = /** @type {HTMLElement} */ (root.querySelector("[data-count-view]"));
  const start = /** @type {HTMLElement} */ (root.querySelector("[data-count-start]"));
  /** @type {import("../scanner/scanner.js").Scanner | undefined} */
  let scanner;
  const begin = async () => {
    toggle(root, form, true);
    scanner ??= await load(frame, take);
    await scanner.restart();
  };
  const end = () => {
    scanner?.stop();
    toggle(root, form, false);
  };
  const look = () => frame.hidden || (document.hidden ? scanner?.stop() : scanner?.start());
  start.addEventListener("click", begin);
  root.querySelector("[data-count-stop]")?.addEventListener("click", end);
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", end);
  toggle(root, form, false);
  root.querySelectorAll("[data-count-hint]").forEach((hint) => show(hint, true));
  return () => {
    end();
    document.removeEventListener("visibilitychange", look);
    removeEventListener("pagehide", end);
  };
}

/** @param {HTMLElement} root @param {HTMLFormElement} form @param {boolean} on */
function toggle(root, form, on) {
  setInHand(form, "camera", on);
  root.querySelectorAll("[data-count-view]").forEach((element) => show(element, on));
  root.querySelectorAll("[data-count-start]").forEach((element) => show(element, !on));
}

/** @param {HTMLElement} frame @param {(text: string) => void} take */
async function load(frame, take) {
  const [{ Scanner }, { View }] = await Promise.all([import("../scanner/scanner.js"), import("../scanner/view.js")]);
  const view = new View(frame);
  const scanner = new Scanner(view, { isCollecting: () => true, draw: () => {}, take });
  view.on("[data-scan-start]", "click", () => scanner.restart());
  view.on("[data-scan-torch]", "click", () => scanner.toggleTorch());
  view.on("[data-scan-other-camera]", "click", () => scanner.otherCamera());
  return scanner;
}
