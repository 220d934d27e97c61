/** The service worker as the page sees it: registering, pages to keep ready, new versions. */

import { pagePerson, isDirty } from "./page.js";

const HOUR = 3_600_000;

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
  await warm();
}

/** Pages that must open without a network; the worker decides whether it is time. */
async function warm() {
  const { active } = await navigator.serviceWorker.ready;
  if (!pagePerson() || document.documentElement.dataset.cached) return;
  const { build, person } = document.documentElement.dataset;
  active?.postMessage({ type: "warm", person, token: [person, build, document.documentElement.lang].join(" ") });
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
