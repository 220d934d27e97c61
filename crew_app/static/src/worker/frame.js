/** A whole page from its main part and the frame that all pages of a person share. */

import { copyOf, rebuilt } from "./copies.js";
import { part } from "../taken.js";

const FRAME = "/offline";

/** @param {string} html @returns {string} for whom, of which build and in which language a page was made */
function lookOf(html) {
  const [tag] = /<html[^>]*>/.exec(html) ?? [""];
  return ["data-person", "data-build", "lang"].map((name) => valueOf(tag, name)).join(" ");
}

/** @param {string} tag @param {string} name */
function valueOf(tag, name) {
  return new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
}

/** @returns {Promise<{html: string, look: string, response: Response} | undefined>} */
export async function frame() {
  const response = await copyOf(new URL(FRAME, location.origin).href);
  if (!response) return;
  const html = await response.clone().text();
  return { html, look: lookOf(html), response };
}

/**
 * @param {string} href
 * @returns {Promise<Response | undefined>} nothing when the part is not here, or was made for another frame
 */
export async function composed(href) {
  const { pathname, search } = new URL(href);
  const [found, around] = await Promise.all([part(pathname + search), frame()]);
  if (!found || !around || found.about.look !== around.look) return;
  const html = joined(around.html, found.text);
  return html ? rebuilt(html, around.response, found.about.time) : undefined;
}

/** @param {string} html of the frame @param {string} text title and main @returns {string | undefined} */
function joined(html, text) {
  const [start, end] = [html.indexOf("<main "), html.lastIndexOf("</main>") + "</main>".length];
  const [, title, main] = /^\s*<title>([^<]*)<\/title>\s*(<main [^]*)$/.exec(text) ?? [];
  if (start < 0 || end < start || !main) return;
  const before = html.slice(0, start).replace(/<title>[^<]*<\/title>/, () => `<title>${title}</title>`);
  return withPlace(before, valueOf(main, "data-section")) + main + html.slice(end);
}

/** The bar at the bottom shows where we are. @param {string} html @param {string} section */
function withPlace(html, section) {
  const plain = html.replaceAll(' aria-current="page"', "");
  const here = ` data-section="${section}"`;
  return section ? plain.replace(here, () => `${here} aria-current="page"`) : plain;
}

/** Of a page visited and the same page taken along, the newer. @param {string} href */
export async function readable(href) {
  const [copy, made] = await Promise.all([copyOf(href), composed(href)]);
  return copy && made ? (timeOf(copy) >= timeOf(made) ? copy : made) : (copy ?? made);
}

/** @param {Response} response */
function timeOf(response) {
  return response.headers.get("Crew-Cached") ?? "";
}
