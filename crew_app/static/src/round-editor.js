/** What only the editor of templates and the library need: `data-part="round-editor.js"` brings it. */

import { behaviour } from "./behaviour.js";
import { startEditor } from "./editor/start.js";
import { startCodeSearch } from "./editor/where.js";

behaviour("[data-round-editor]", startEditor);
behaviour("[data-code-search]", startCodeSearch);
