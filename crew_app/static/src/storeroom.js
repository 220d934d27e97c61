/** What only pages of the storeroom and of assets need: `data-part="storeroom.js"` brings it. */

import "./behaviours/asset-count.js";
import "./behaviours/bin-count.js";
import "./behaviours/counting.js";
import "./behaviours/signature.js";
import "./behaviours/ward-form.js";
