/** What only the service desk needs: entering calls and calling back by the keyboard alone. */

import "./desk/call.js";
import "./desk/due.js";
