/** What only the wall screen needs: `data-part="wall.js"`. */

import "./behaviours/wall.js";
