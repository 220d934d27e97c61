/** Pages that go on by themselves (`data-part="live.js"`): clocks that tick, what waits, a page read again, a scan kept. */

import "./behaviours/clock.js";
import "./behaviours/counting.js";
import "./behaviours/reread.js";
import "./behaviours/scanned.js";
