/** What only pages with passkeys need: `data-part="passkeys.js"`. */

import "./behaviours/passkeys.js";
