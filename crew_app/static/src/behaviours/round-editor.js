/** The editor of templates: its scripts are loaded where it is. */

import { behaviour } from "../behaviour.js";

behaviour("[data-round-editor]", (/** @type {HTMLFormElement} */ form) => {
  import("../editor/start.js").then(({ startEditor }) => startEditor(form));
});

behaviour("[data-code-search]", (/** @type {HTMLElement} */ field) => {
  import("../editor/where.js").then(({ startCodeSearch }) => startCodeSearch(field));
});
