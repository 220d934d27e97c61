/** The service worker as the page sees it: registering, pages to keep ready, new versions. */

import { hear } from "./channel.js";
import { pagePerson, isDirty } from "./page.js";

const HOUR = 3_600_000;
const OFTEN = 5 * 60_000;
const SETTLED = 3_000;

export async function startService() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/service-worker.js", {
    scope: "/",
    updateViaCache: "none",
  });
  holdUpdatesWhileDirty();
  offerUpdate(registration);
  registration.addEventListener("updatefound", () => followInstall(registration));
  document.addEventListener("visibilitychange", () => document.hidden || offerUpdate(registration));
  setInterval(() => registration.update().catch(() => {}), HOUR);
  keepWarm();
  await idle();
  await warm();
}

/** What the server knows changes; what was sent from here has changed it. */
function keepWarm() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  setInterval(() => document.hidden || warm(), OFTEN);
  addEventListener("online", () => warm());
  document.addEventListener("visibilitychange", () => document.hidden || warm());
  hear((news) => {
    if (news.type !== "sent") return;
    clearTimeout(timer);
    timer = setTimeout(warm, SETTLED, true);
  });
}

/** The page itself comes first. */
async function idle() {
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
  if ("requestIdleCallback" in globalThis) await new Promise((done) => requestIdleCallback(done));
  else await new Promise((done) => setTimeout(done, 500));
}

/** Bring what is here up to date, whatever this page is. */
export async function update() {
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage({ type: "prefetch", now: true });
}

/** Pages that must open without a network; the worker decides whether it is time. @param {boolean} [now] it is */
async function warm(now = false) {
  const { active } = await navigator.serviceWorker.ready;
  if (!pagePerson() || document.documentElement.dataset.cached) return;
  const { build, person } = document.documentElement.dataset;
  const token = [person, build, document.documentElement.lang].join(" ");
  active?.postMessage({ type: "warm", person, token, now });
}

/** @param {ServiceWorkerRegistration} registration */
function followInstall(registration) {
  const worker = registration.installing;
  worker?.addEventListener("statechange", () => worker.state === "installed" && offerUpdate(registration));
}

/**
 * A new version waits until no form in any tab is dirty; a dirty form's page holds the shared lock.
 * @param {ServiceWorkerRegistration} registration
 */
function offerUpdate(registration) {
  const { waiting } = registration;
  if (!waiting) return;
  navigator.locks.request("crew-dirty", { ifAvailable: true }, (lock) => {
    if (lock) waiting.postMessage({ type: "activate" });
  });
}

function holdUpdatesWhileDirty() {
  /** @type {(() => void) | null} */
  let letGo = null;
  new MutationObserver(() => {
    if (isDirty() === Boolean(letGo)) return;
    if (letGo) letGo = (letGo(), null);
    else
      navigator.locks.request(
        "crew-dirty",
        { mode: "shared" },
        () => new Promise((resolve) => (letGo = () => resolve(undefined))),
      );
  }).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["data-dirty"] });
}
