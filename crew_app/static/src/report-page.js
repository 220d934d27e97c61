/** What only the pages for people without an account need: `data-part="report-page.js"`. */

import "./behaviours/calm-refresh.js";
import "./behaviours/loose-photos.js";
import "./behaviours/puzzle.js";
