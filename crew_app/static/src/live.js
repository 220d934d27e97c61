/** Pages that go on by themselves (`data-part="live.js"`): clocks that tick, a page that is read again, a scan kept. */

import "./behaviours/clock.js";
import "./behaviours/reread.js";
import "./behaviours/scanned.js";
