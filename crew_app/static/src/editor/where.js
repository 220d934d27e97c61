/** Choosing the place, the asset or the kind of asset a stop stands for, by code or name. */

import { show } from "../page.js";
import { word } from "../words.js";
import { part } from "./fragment.js";

const PAUSE = 250;

/** @typedef {{pick: string, code: string, name: string}} Choice */

/** @param {HTMLFormElement} form @param {() => void} changed */
export function startWhere(form, changed) {
  const names = new Map(Object.entries(JSON.parse(form.dataset.names || "{}")));
  const url = form.dataset.places ?? "";
  const search = later((input) => list(input, url));
  form.addEventListener("input", (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.matches("[data-where-search]")) search(input);
  });
  form.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"));
    const box = button?.closest("[data-where]");
    if (!button || !box) return;
    if ("whereClear" in button.dataset) set(box, {});
    else if (button.dataset.pick) take(box, /** @type {Choice} */ ({ ...button.dataset }), names);
    else return;
    drawWhere(form, names);
    changed();
  });
  drawWhere(form, names);
  return () => drawWhere(form, names);
}

/** @param {HTMLElement} field a text field that takes a code, found by name */
export function startCodeSearch(field) {
  const input = /** @type {HTMLInputElement} */ (field.querySelector('input[name="where"]'));
  const search = later(() => list(input, field.dataset.codeSearch ?? "", ["place", "asset"]));
  input.addEventListener("input", () => search(input));
  field.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-pick]"));
    if (!button) return;
    input.value = button.dataset.code ?? "";
    field.querySelector("[data-where-results]")?.replaceChildren();
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
}

/** @param {(input: HTMLInputElement) => void} act @returns {(input: HTMLInputElement) => void} */
function later(act) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return (input) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(input), PAUSE);
  };
}

/** @param {HTMLInputElement} input @param {string} url @param {string[]} [kinds] */
async function list(input, url, kinds) {
  const results = input.closest(".field")?.querySelector("[data-where-results]");
  const words = input.value.trim();
  const place = new URL(url, location.href);
  place.searchParams.set("q", words);
  const site = /** @type {HTMLSelectElement | null | undefined} */ (input.form?.elements.namedItem("site_id"));
  if (site?.value) place.searchParams.set("site_id", site.value);
  const found = words ? await part(place.href, "main").catch(() => null) : undefined;
  if (input.value.trim() !== words || !results) return;
  const rows = [...(found?.querySelectorAll("#found > *") ?? [])].filter((row) => fits(row, kinds));
  const none = found?.querySelector("#none")?.textContent ?? (found === null ? word("round_offline") : "");
  results.replaceChildren(...(rows.length || !none ? rows : [note(none)]));
}

/** @param {Element} row @param {string[] | undefined} kinds */
function fits(row, kinds) {
  return !kinds || kinds.includes(row.querySelector("[data-pick]")?.getAttribute("data-pick") ?? "");
}

/** @param {string} text */
function note(text) {
  const row = document.createElement("li");
  row.className = "row muted";
  row.textContent = text;
  return row;
}

/** A place chosen for a kind of asset is the area it is looked for in. @param {Element} box @param {Choice} choice @param {Map<string, string>} names */
function take(box, { pick, code, name }, names) {
  const now = get(box);
  if (!Object.values(now).some(Boolean)) wantScan(box);
  names.set(`${pick}:${code}`, pick === "kind" ? name : `${code} · ${name}`);
  set(box, now.kind && pick === "place" ? { kind: now.kind, area: code } : { [pick]: code });
  const input = /** @type {HTMLInputElement} */ (box.querySelector("[data-where-search]"));
  input.value = "";
  box.querySelector("[data-where-results]")?.replaceChildren();
  input.focus();
}

/** What is tied to a place from now on has a tag there. @param {Element} box */
function wantScan(box) {
  const presence = /** @type {HTMLSelectElement | null | undefined} */ (
    box.closest("[data-card]")?.querySelector('[data-path="presence"]')
  );
  if (presence) presence.value = "scan";
}

/** @param {Element} box @returns {Record<string, string>} */
function get(box) {
  return Object.fromEntries(fields(box).map(({ dataset, value }) => [(dataset.path ?? "").slice("where.".length), value]));
}

/** @param {Element} box @param {Record<string, string>} where */
function set(box, where) {
  for (const input of fields(box)) input.value = where[(input.dataset.path ?? "").slice("where.".length)] ?? "";
}

/** @param {Element} box @returns {HTMLInputElement[]} */
function fields(box) {
  return [...box.querySelectorAll('input[type="hidden"]')].map((input) => /** @type {HTMLInputElement} */ (input));
}

/** @param {HTMLFormElement} form @param {Map<string, string>} names */
function drawWhere(form, names) {
  for (const box of form.querySelectorAll("[data-where]")) {
    const { place, asset, kind, area } = get(box);
    const said = [place && `place:${place}`, asset && `asset:${asset}`, kind && `kind:${kind}`, area && `place:${area}`];
    const words = said.filter(Boolean).map((key) => names.get(key) ?? `${key.slice(key.indexOf(":") + 1)} (${word("round_missing")})`);
    const name = box.querySelector("[data-where-name]");
    if (name) name.textContent = words.join(" · ");
    box.querySelectorAll("[data-where-chosen]").forEach((line) => show(line, words.length > 0));
    box.querySelectorAll("[data-where-area]").forEach((line) => show(line, Boolean(kind && !area)));
  }
}
