/** What only walking a round needs: `data-part="rounds.js"` brings it. */

import "./behaviours/checks.js";
import "./behaviours/signature.js";
import "./behaviours/walk.js";
