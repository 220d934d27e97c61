/** What only the page of a photo needs: `data-part="blur.js"`. */

import "./behaviours/blur.js";
