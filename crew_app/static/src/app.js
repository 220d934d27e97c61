/** Every page's script: its behaviours, the outbox, the service worker. */

import "./behaviours/as-of.js";
import "./behaviours/bell.js";
import "./behaviours/confirm.js";
import "./behaviours/filter.js";
import "./behaviours/install.js";
import "./behaviours/item-picker.js";
import "./behaviours/lines.js";
import "./behaviours/photo-view.js";
import "./behaviours/same-kind.js";
import "./behaviours/shoot.js";
import "./behaviours/shortcuts.js";
import "./behaviours/shown-for.js";
import "./behaviours/sign-out.js";
import "./behaviours/small.js";
import "./behaviours/switch.js";
import "./behaviours/ticket-overlay.js";
import "./behaviours/use-this.js";
import "./behaviours/waiting.js";
import "./outbox/chosen.js";
import "./outbox/space.js";
import "./parts.js";
import { startBehaviours } from "./behaviour.js";
import { fillTicketShell } from "./behaviours/shells.js";
import { startTheme } from "./behaviours/theme.js";
import { hearOthers } from "./channel.js";
import { refreshDirectory } from "./directory.js";
import { showKeptNotice } from "./notices.js";
import { startContact } from "./outbox/contact.js";
import { startCounters } from "./outbox/counters.js";
import { keepDrafts, sweep } from "./outbox/drafts.js";
import { startEditing } from "./outbox/edit.js";
import { startForms } from "./outbox/forms.js";
import { keepHands } from "./outbox/hands.js";
import { startSchedule } from "./outbox/schedule.js";
import { handIn, seen } from "./outbox/session.js";
import { forgetOldReceipts } from "./outbox/store.js";
import { offerUndoAgain } from "./outbox/undo.js";
import { askedAt, pagePerson } from "./page.js";
import { startService } from "./service.js";

startTheme();
fillTicketShell();
startForms();
keepHands();
startBehaviours();
showKeptNotice();
if (isSecureContext) startOutbox();

/** Where the browser has what it takes; elsewhere forms post by themselves. */
async function startOutbox() {
  if (pagePerson() && !document.documentElement.dataset.cached) await seen(pagePerson(), askedAt);
  if (!document.documentElement.dataset.cached) await handIn(document.documentElement.dataset.handingIn ?? "");
  hearOthers((news) => news.type === "person" && leaveToOthers(news.person));
  startService();
  startCounters();
  startSchedule();
  startEditing();
  startContact();
  offerUndoAgain();
  await refreshDirectory();
  await sweep();
  await forgetOldReceipts();
}

/** Somebody else is signed in now: this page is not theirs. @param {string} person */
async function leaveToOthers(person) {
  if (!pagePerson() || person === pagePerson()) return;
  await keepDrafts();
  // Not at once: the page may be on its way to another already, and a reload would hold it back.
  setTimeout(() => location.reload(), 1000);
}
