/** What only rounds need, walked or watched: `data-part="rounds.js"` brings it. */

import "./behaviours/checks.js";
import "./behaviours/live.js";
import "./behaviours/position.js";
import "./behaviours/second-tag.js";
import "./behaviours/signature.js";
import "./behaviours/walk.js";
