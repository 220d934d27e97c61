/** What only the verification page needs: `data-part="verify-page.js"`. */

import "./behaviours/own-picture.js";
