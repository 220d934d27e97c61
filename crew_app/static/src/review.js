/** What only the queue of finished work needs: `data-part="review.js"` brings it. */

import "./behaviours/compare.js";
import "./behaviours/reasons.js";
