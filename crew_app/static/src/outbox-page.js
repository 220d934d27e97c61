/** What only the page about what waits on this phone needs: `data-part="outbox-page.js"`. */

import "./outbox/file.js";
import "./outbox/progress.js";
import "./outbox/sent.js";
import "./outbox/view.js";
