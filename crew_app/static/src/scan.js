/** The scan page: what is seen, typed or chosen leads to a tag's page, or into a list when scanning goes on. */

import { hear } from "./channel.js";
import { findTag } from "./directory.js";
import { nameUnknown } from "./scanner/history.js";
import { ScanList } from "./scanner/list.js";
import { Scanner } from "./scanner/scanner.js";
import { startTyping } from "./scanner/typing.js";
import { View } from "./scanner/view.js";

const COLLECT = "crew-scan-on";

const root = /** @type {HTMLElement | null} */ (document.querySelector("[data-scanner]"));
if (root) startPage(new View(root));

/** @param {View} view */
function startPage(view) {
  const collect = /** @type {HTMLInputElement} */ (view.part("[data-scan-collect]"));
  const list = new ScanList(view.part("[data-scan-list]"), () => collect.checked);
  const scanner = new Scanner(view, list);
  startCollecting(collect, list, scanner);
  startTyping(/** @type {HTMLFormElement} */ (view.part("[data-scan-typing]")), (code) => scanner.finds.tag(code, "typed"));
  startButtons(view, scanner);
  followPage(scanner);
  scanner.start();
}

/** @param {HTMLInputElement} collect @param {ScanList} list @param {Scanner} scanner */
function startCollecting(collect, list, scanner) {
  const name = () => nameUnknown(findTag).then(() => list.draw());
  collect.checked = sessionStorage.getItem(COLLECT) === "on";
  collect.addEventListener("change", () => {
    sessionStorage.setItem(COLLECT, collect.checked ? "on" : "off");
    scanner.finds.forget();
    list.draw();
  });
  list.draw();
  hear((news) => news.type === "directory" && name());
  name();
}

/** @param {View} view @param {Scanner} scanner */
function startButtons(view, scanner) {
  view.on("[data-scan-start]", "click", () => scanner.restart());
  view.on("[data-scan-torch]", "click", () => scanner.toggleTorch());
  view.on("[data-scan-other-camera]", "click", () => scanner.otherCamera());
  view.on("[data-scan-foreign-close]", "click", () => view.foreign(null));
  view.on("[data-scan-picture]", "change", ({ target }) => {
    const input = /** @type {HTMLInputElement} */ (target);
    const [file] = input.files ?? [];
    if (file) scanner.picture(file).finally(() => (input.value = ""));
  });
}

/** The camera is on only while the page is in view. @param {Scanner} scanner */
function followPage(scanner) {
  document.addEventListener("visibilitychange", () => (document.hidden ? scanner.stop() : scanner.start()));
  addEventListener("pagehide", () => scanner.stop());
  addEventListener("pageshow", ({ persisted }) => persisted && scanner.restart());
}
