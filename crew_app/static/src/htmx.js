/** The only module that knows htmx. */

import htmx from "htmx.org";
import { notice } from "./notices.js";
import { word } from "./words.js";

const config = /** @type {any} */ (htmx.config);
// Going back is a page load: the service worker answers it, also without a network.
config.history = "reload";
// Otherwise new elements carry the attributes of old ones for a moment, and behaviours read those.
config.defaultSettleDelay = 0;

// The header is named here because htmx works it out before it knows the target of a call like this.
const MAIN = { target: "#main", select: "#main", swap: "outerHTML", headers: { "HX-Target": "main#main" } };

on("htmx:before:response", (event, ctx) => {
  const { status, raw } = ctx.response;
  const login = raw.redirected && new URL(raw.url).pathname === "/login";
  if (status !== 401 && !login) return;
  event.preventDefault();
  location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
});

// A captive portal's page, or an empty answer, must not take the place of ours.
on("htmx:before:swap", (event, ctx) => {
  const fits = ctx.select !== MAIN.select || /<main[^>]* id="main"/.test(ctx.text);
  if (!fits || ctx.isFree?.() === false) event.preventDefault();
  else if (ctx.select === MAIN.select) document.dispatchEvent(new CustomEvent("page-leaving"));
});

on("htmx:after:swap", (_event, ctx) => {
  if (ctx.select === MAIN.select) arrived(ctx.response.headers.get("Crew-Cached"), ctx.asked);
});

/** @param {string} name @param {(event: Event, ctx: any) => void} act */
function on(name, act) {
  document.addEventListener(name, (event) => act(event, /** @type {CustomEvent} */ (event).detail.ctx));
}

/**
 * Show a page of this site in #main.
 * @param {string} url
 * @param {() => boolean} [isFree] asked again when the answer is here
 * @returns {Promise<boolean>} whether it is shown
 */
export async function visit(url, isFree) {
  const moves = url !== location.pathname + location.search;
  const before = document.getElementById("main");
  await htmx.ajax("GET", url, /** @type {any} */ ({ ...MAIN, isFree, asked: Date.now(), push: moves ? url : "false" }));
  if (before?.isConnected && !isFree) notice("info", word("sent_not_shown"));
  if (moves) scrollTo(0, 0);
  return !before?.isConnected;
}

/** @param {string | null} cached of when the content is, if it is a copy @param {number} asked when it was asked for */
function arrived(cached, asked) {
  const { dataset } = document.documentElement;
  if (cached) dataset.cached = cached;
  else delete dataset.cached;
  delete dataset.shell;
  document.dispatchEvent(new CustomEvent("page-arrived", { detail: { asked } }));
}
