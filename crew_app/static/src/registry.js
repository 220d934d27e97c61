/** What only the registers of places and assets need: `data-part="registry.js"` brings it. */

import "./behaviours/ticks.js";
