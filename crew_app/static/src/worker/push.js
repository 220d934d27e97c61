/** What is pushed to this phone: shown once each, opened by a touch. */

import { tell } from "../channel.js";

const LIST = "/notices";
const worker = /** @type {any} */ (globalThis);

/** @param {any} event */
export async function pushed(event) {
  const { id, title, href } = read(event);
  tell({ type: "notices" });
  const shown = id ? await worker.registration.getNotifications({ tag: id }) : [];
  // The worker on the server sends again when it does not know whether it did.
  if (shown.length) return;
  await worker.registration.showNotification(title, {
    tag: id || undefined,
    icon: __ASSETS__["images/icon-192.png"],
    data: { id, path: safePath(href) },
  });
}

/** @param {any} event */
function read(event) {
  try {
    const { id, title, href } = event.data.json();
    return { id: String(id ?? ""), title: String(title || "●"), href: String(href ?? "") };
  } catch {
    return { id: "", title: "●", href: "" };
  }
}

/** @param {string} href @returns {string} a path of this site, and nothing else */
export function safePath(href) {
  if (!/^\/(?![/\\])/.test(href)) return LIST;
  const url = new URL(href, location.origin);
  return url.origin === location.origin ? url.pathname + url.search : LIST;
}

/** @param {any} event a touch on a notice */
export async function touched(event) {
  event.notification.close();
  const { id, path } = event.notification.data ?? {};
  const url = new URL(safePath(path ?? ""), location.origin).href;
  if (id) fetch(`/notices/${id}/reading`, { method: "POST" }).then(() => tell({ type: "notices" }), console.error);
  // A page with something half written is not led away from what it is for.
  const { held } = await navigator.locks.query();
  const [open] = held?.some(({ name }) => name === "crew-dirty") ? [] : await worker.clients.matchAll({ type: "window" });
  const led = await open?.navigate(url).catch(() => null);
  return led ? led.focus().catch(() => led) : worker.clients.openWindow(url);
}

/** The browser gave this phone another address: the server must know. @param {any} event */
export async function renewed(event) {
  const options = event.oldSubscription?.options;
  if (!options) return;
  const made = event.newSubscription ?? (await worker.registration.pushManager.subscribe(options));
  const { endpoint, keys } = made.toJSON();
  await fetch("/notices/subscriptions", { method: "POST", body: new URLSearchParams({ endpoint, ...keys }) });
}
