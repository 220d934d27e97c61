/** What only More needs: `data-part="more-page.js"`. */

import "./behaviours/ready.js";
