/** A form as it was submitted, turned into items of the outbox. */

import { sha256, uuid7 } from "../ids.js";
import { actionOf, pagePerson } from "../page.js";
import { fill } from "../words.js";
import { announcement } from "./photos.js";

/** @typedef {import("./store.js").Item} Item */
/** @typedef {import("./photos.js").Photo} Photo */
/**
 * @typedef {{form: HTMLFormElement, url: string, fields: [string, string][],
 *   madeAt: string, news: string[], label: string}} Entry
 */

const FORM = "application/x-www-form-urlencoded;charset=UTF-8";

/**
 * Everything the form says at this moment.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 * @returns {Entry}
 */
export function entryOf(form, submitter) {
  const data = new FormData(form, submitter);
  const news = words(form.dataset.new).map((name) => newId(form, data, name));
  const fields = /** @type {[string, string][]} */ ([...data].filter(isField));
  const { item = "", unit = "", lines = "" } = form.dataset;
  const label = fill(form.dataset.label ?? submitter?.textContent?.trim() ?? "", { item, unit, lines, ...Object.fromEntries(fields) });
  return { form, url: actionOf(form, submitter), fields, madeAt: new Date().toISOString(), news, label };
}

/**
 * A corrected command keeps the ids that later ones may have used already.
 * @param {HTMLFormElement} form
 * @param {FormData} data
 * @param {string} name
 */
function newId(form, data, name) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  if (!form.dataset.replaces || !field.value) field.value = uuid7();
  data.set(name, field.value);
  return field.value;
}

/** @param {[string, FormDataEntryValue]} entry */
function isField([name, value]) {
  return !name.startsWith("_") && typeof value === "string";
}

/** @param {string | undefined} list */
function words(list) {
  return (list ?? "").split(/\s+/).filter(Boolean);
}

/**
 * @param {Entry} entry
 * @param {Photo[]} photos
 * @returns {Promise<{command: Item, photos: {item: Item, bytes: ArrayBuffer}[]}>}
 */
export async function itemsFrom(entry, photos) {
  const command = await commandFrom(entry, photos);
  return { command, photos: photos.map((photo) => ({ item: photoItem(command, photo), bytes: photo.bytes })) };
}

/** @param {Entry} entry @param {Photo[]} photos @returns {Promise<Item>} */
async function commandFrom(entry, photos) {
  const { dataset } = entry.form;
  const bytes = new TextEncoder().encode(bodyOf(entry, photos));
  return {
    ...common(entry),
    type: FORM,
    body: bodyOf(entry, photos),
    subject: dataset.subject || entry.news[0] || "",
    from: words(dataset.from),
    to: dataset.to ?? "",
    sha256: await sha256(bytes),
    size: bytes.length,
  };
}

/** @param {Entry} entry @param {Photo[]} photos */
function bodyOf({ fields }, photos) {
  return new URLSearchParams([...fields, ...announcement(photos)]).toString();
}

/** @param {Entry} entry */
function common({ form, url, label, madeAt, news }) {
  const person = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("_person"))?.value || pagePerson();
  const page = location.pathname + location.search;
  const heldBack = Number(form.dataset.undo ?? 0) * 1000;
  return {
    v: 1,
    key: uuid7(),
    person,
    url,
    label,
    about: aboutOf(form),
    madeAt,
    news,
    page,
    state: /** @type {const} */ ("waiting"),
    attempts: 0,
    due: heldBack && Date.now() + heldBack,
    undo: heldBack > 0,
  };
}

/** @param {HTMLFormElement} form */
function aboutOf(form) {
  return /** @type {HTMLElement | null} */ (form.closest("[data-about]"))?.dataset.about ?? "";
}

/** @param {Item} command @param {Photo} photo @returns {Item} */
function photoItem({ body, ...command }, photo) {
  return {
    ...command,
    key: uuid7(),
    url: `/photos/${photo.id}/original`,
    type: photo.type,
    blob: photo.id,
    after: command.key,
    sha256: photo.sha256,
    size: photo.bytes.byteLength,
    from: [],
    to: "",
    news: [],
    undo: false,
  };
}

/**
 * The photos of a saved command, as its form held them.
 * @param {Item} command
 * @param {Item[]} items
 * @param {(id: string) => Promise<ArrayBuffer | undefined>} bytesOf
 * @returns {Promise<Photo[]>}
 */
export async function photosBehind(command, items, bytesOf) {
  const fields = new URLSearchParams(command.body);
  const ids = fields.getAll("photo_id");
  const mine = items.filter((item) => item.after === command.key && item.blob);
  const all = mine.map(async ({ blob = "", type, sha256: hash }) => {
    const place = ids.indexOf(blob);
    const names = ["taken_at", "source", "for", "challenge", "copy_of", "shape"];
    const found = names.map((name) => fields.getAll(`photo_${name}`)[place] ?? "");
    const [takenAt, source, purpose, challenge, copyOf, shape] = found;
    const bytes = (await bytesOf(blob)) ?? new ArrayBuffer(0);
    return { id: blob, bytes, type, sha256: hash, takenAt, source, purpose, challenge, copyOf, shape };
  });
  return (await Promise.all(all)).filter(({ bytes }) => bytes.byteLength);
}
