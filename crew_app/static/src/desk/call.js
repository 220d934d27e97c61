/** The form of a call: where, what, who, sent with Enter. The server finds; without it the phone's own directory does. */

import { behaviour } from "../behaviour.js";
import { tagsLike } from "../directory.js";
import { show } from "../page.js";
import { startCombo } from "./combo.js";

const PATIENCE = 60; // between two letters of a quick typist nothing is asked

behaviour("form[data-call]", (/** @type {HTMLFormElement} */ form) => {
  const [subject, kind] = [field(form, "#subject"), field(form, "#kind")];
  const [found, kinds] = [list(form, "#found"), list(form, "#kinds")];
  if (field(form, "[data-subject-place]").value) subject.dataset.taken = "1";
  startCombo({ input: subject, list: found, narrow: (typed) => find(form, found, typed), take: (one) => takeSubject(form, one) });
  startCombo({ input: kind, list: kinds, narrow: (typed) => sift(form, kinds, typed), take: (one) => takeKind(form, one) });
  form.addEventListener("reset", () => setTimeout(() => begin(form)));
  const onKey = (/** @type {KeyboardEvent} */ event) => joinFirst(form, event);
  document.addEventListener("keydown", onKey);
  subject.focus();
  return () => document.removeEventListener("keydown", onKey);
});

/** @param {HTMLFormElement} form @param {string} selector */
function field(form, selector) {
  return /** @type {HTMLInputElement} */ (form.querySelector(selector));
}

/** @param {HTMLFormElement} form @param {string} selector */
function list(form, selector) {
  return /** @type {HTMLElement} */ (form.querySelector(selector));
}

/** After a call was sent the next one begins where the caller does. @param {HTMLFormElement} form */
function begin(form) {
  for (const name of ["[data-subject-place]", "[data-subject-asset]", "[data-kind-value]"]) field(form, name).value = "";
  for (const one of [field(form, "#subject"), field(form, "#kind")]) {
    one.value = "";
    delete one.dataset.taken;
  }
  list(form, "#about").replaceChildren();
  field(form, "#subject").focus();
}

/** Only the last question counts. @type {WeakMap<HTMLFormElement, number>} */
const asked = new WeakMap();

/** @param {HTMLFormElement} form @param {HTMLElement} results @param {string} typed */
async function find(form, results, typed) {
  const turn = (asked.get(form) ?? 0) + 1;
  asked.set(form, turn);
  field(form, "[data-subject-place]").value = field(form, "[data-subject-asset]").value = "";
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  if (asked.get(form) !== turn) return;
  const rows = typed ? await rowsFor(typed) : [];
  if (asked.get(form) !== turn) return;
  results.replaceChildren(...rows);
  form.querySelectorAll("[data-found-none]").forEach((hint) => show(hint, Boolean(typed) && !rows.length));
}

/** @param {string} typed @returns {Promise<Element[]>} */
async function rowsFor(typed) {
  const page = await part({ q: typed });
  if (page) return [...page.querySelectorAll("#found > *")];
  return (await tagsLike(typed)).map(offlineRow);
}

/** The same page again, as it is for what was typed or chosen; nothing without a network. @param {Record<string, string>} query */
async function part(query) {
  const known = Object.entries(query).filter(([, value]) => value);
  const answer = await fetch(`/desk/calls/new?${new URLSearchParams(known)}`, {
    headers: { "HX-Request": "true" },
    credentials: "same-origin",
  }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** @param {import("../directory.js").Tag} tag @param {number} number */
function offlineRow({ kind, subjectId, placeId, name, path }, number) {
  const row = document.createElement("li");
  Object.assign(row, { id: `found-${number}`, className: "option", role: "option", textContent: `${name} · ${path}` });
  Object.assign(row.dataset, { place: placeId, asset: kind === "asset" ? subjectId : "", name: `${name} · ${path}` });
  return row;
}

/** @param {HTMLFormElement} form @param {HTMLElement} option */
function takeSubject(form, { dataset }) {
  field(form, "[data-subject-place]").value = dataset.place ?? "";
  field(form, "[data-subject-asset]").value = dataset.asset ?? "";
  field(form, "#kind").focus();
  showAbout(form);
}

/** Every word that was typed is in it. @param {HTMLFormElement} form @param {HTMLElement} kinds @param {string} typed */
function sift(form, kinds, typed) {
  field(form, "[data-kind-value]").value = "";
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (kinds.querySelectorAll("[role=option]"))) {
    show(one, words.every((word) => one.dataset.search?.includes(word)));
  }
}

/** @param {HTMLFormElement} form @param {HTMLElement} option */
function takeKind(form, { dataset }) {
  field(form, "[data-kind-value]").value = dataset.value ?? "";
  field(form, "#caller").focus();
  showAbout(form);
}

/** What to know there, and what was reported there already. @param {HTMLFormElement} form */
async function showAbout(form) {
  const [place_id, asset_id, job_kind] = ["place", "asset"].map((name) => field(form, `[data-subject-${name}]`).value).concat(field(form, "[data-kind-value]").value);
  const page = await part({ place_id: asset_id ? "" : place_id, asset_id, job_kind });
  const about = page?.querySelector("#about");
  if (!about || field(form, "[data-subject-place]").value !== place_id) return;
  list(form, "#about").replaceChildren(...about.childNodes);
}

/** One key: the caller means the job that is known already. @param {HTMLFormElement} form @param {KeyboardEvent} event */
function joinFirst(form, event) {
  if (!event.altKey || event.code !== "KeyJ") return;
  const first = /** @type {HTMLInputElement | null} */ (form.querySelector("[data-same] [name=join_id]") ?? form.querySelector("[data-join-first]"));
  if (!first) return;
  event.preventDefault();
  first.checked = true;
  for (const one of [field(form, "#kind")]) one.required = false;
  form.requestSubmit();
}
