/** Notices pushed to this phone: asked for by a button, never by itself. `data-part="notices-page.js"`. */

import { behaviour } from "./behaviour.js";
import { show } from "./page.js";
import { word } from "./words.js";

behaviour("[data-push]", (/** @type {HTMLElement} */ panel) => {
  const [on, off] = ["on", "off"].map((name) => panel.querySelector(`[data-push-${name}]`));
  draw(panel);
  on?.addEventListener("click", () => attempt(panel, turnOn));
  off?.addEventListener("click", () => attempt(panel, turnOff));
});

/** @param {HTMLElement} panel @param {(panel: HTMLElement) => Promise<string>} act answers what went wrong */
async function attempt(panel, act) {
  const error = panel.querySelector("[data-push-error]");
  const wrong = await act(panel).catch(() => word("push_failed"));
  if (error) error.textContent = wrong;
  if (error) show(error, Boolean(wrong));
  draw(panel);
}

/** @param {HTMLElement} panel */
function draw(panel) {
  const here = Boolean(panel.dataset.here);
  const trouble = whyNot();
  const [text, on, off] = ["text", "on", "off"].map((name) => panel.querySelector(`[data-push-${name}]`));
  if (text) text.textContent = trouble || word(here ? "push_on" : "push_off");
  if (on) show(on, !here && !trouble);
  if (off) show(off, here);
}

/** @returns {string} why this browser cannot, "" when it can */
function whyNot() {
  if (!isSecureContext || !("serviceWorker" in navigator)) return word("push_insecure");
  if (!("PushManager" in globalThis) || !("Notification" in globalThis))
    return word("standalone" in navigator ? "push_install" : "push_unknown");
  return Notification.permission === "denied" ? word("push_denied") : "";
}

/** @param {HTMLElement} panel */
async function turnOn(panel) {
  if ((await Notification.requestPermission()) !== "granted") return whyNot() || word("push_not_allowed");
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  await old?.unsubscribe();
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: panel.dataset.push });
  const { endpoint, keys } = made.toJSON();
  if (!(await posted("/notices/subscriptions", { endpoint: endpoint ?? "", ...keys }))) return word("push_failed");
  panel.dataset.here = "1";
  return "";
}

/** @param {HTMLElement} panel */
async function turnOff(panel) {
  if (!(await posted("/notices/subscriptions/removal", {}))) return word("push_failed");
  panel.dataset.here = "";
  const { pushManager } = await navigator.serviceWorker.ready;
  await (await pushManager.getSubscription())?.unsubscribe();
  return "";
}

/** @param {string} url @param {Record<string, string>} fields */
async function posted(url, fields) {
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
  return answer.status === 204;
}
