/** What is typed or photographed in a form outlives a reload and a killed tab, until it is saved. */

import { behaviour } from "../behaviour.js";
import { notice } from "../notices.js";
import { actionOf, pagePerson } from "../page.js";
import { word } from "../words.js";
import { readyPhotos, setPhotos } from "./chosen.js";
import { database } from "./database.js";
import { fillForm, isPristine, typed } from "./fields.js";
import { isBusy, isOurs } from "./ours.js";

/** @typedef {Omit<import("./photos.js").Photo, "bytes">} KeptPhoto */
/** @typedef {{id: string, person: string, fields: [string, string][], photos: KeptPhoto[], at: number}} Draft */

const PAUSE = 300;
const KEPT = 14 * 24 * 3600 * 1000;

/** @type {WeakMap<HTMLFormElement, ReturnType<typeof setTimeout>>} */
const timers = new WeakMap();

behaviour("form[data-outbox]:not([data-no-draft])", (/** @type {HTMLFormElement} */ form) => {
  if (!isOurs(form)) return;
  // Something may have been typed before this script was here.
  if (isPristine(form)) restoreDraft(form);
  else touch(form);
  form.addEventListener("input", () => touch(form));
  form.addEventListener("change", () => touch(form));
});

/** @param {HTMLFormElement} form @returns {string} */
export function draftId(form) {
  // Two forms of a page that send pictures by themselves are told apart by what the pictures show.
  const role = "autoSend" in form.dataset ? form.querySelector("input[name=role]")?.getAttribute("value") : null;
  return [pagePerson(), location.pathname, actionOf(form), form.dataset.replaces ?? "", role].filter((one) => one != null).join(" ");
}

/** @param {HTMLFormElement} form */
function touch(form) {
  form.toggleAttribute("data-dirty", !isUntouched(form));
  clearTimeout(timers.get(form));
  timers.set(
    form,
    setTimeout(() => keep(form).catch(warn), PAUSE),
  );
}

/** @param {HTMLFormElement} form */
function isUntouched(form) {
  return isPristine(form) && !readyPhotos(form).length;
}

/** Before the page's content is exchanged: what the other forms hold comes back with the new ones. */
export async function keepDrafts() {
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-dirty]"));
  await Promise.all([...forms].map((form) => keep(form).catch(warn)));
}

/** At once, not after a pause: what was just shot. @param {HTMLFormElement} form */
export async function keepDraft(form) {
  await keep(form).catch(warn);
}

/** @param {HTMLFormElement} form */
async function keep(form) {
  if (isBusy(form) || !form.isConnected) return;
  const db = await database();
  if (isUntouched(form)) await db.delete("drafts", draftId(form));
  else await write(db, form);
}

/** @param {any} db @param {HTMLFormElement} form */
async function write(db, form) {
  const photos = readyPhotos(form);
  const kept = photos.map(({ bytes, ...rest }) => rest);
  const draft = { id: draftId(form), person: pagePerson(), fields: typed(form), photos: kept, at: Date.now() };
  // What was shot cannot be shot again: it is on the disk when this returns.
  const tx = db.transaction(["drafts", "blobs"], "readwrite", { durability: photos.length ? "strict" : "default" });
  const stored = await tx.objectStore("blobs").getAllKeys();
  const fresh = photos.filter(({ id }) => !stored.includes(id));
  const puts = fresh.map(({ id, bytes }) => tx.objectStore("blobs").put(bytes, id));
  await Promise.all([...puts, tx.objectStore("drafts").put(draft), tx.done]);
}

/** @param {Error} error */
function warn(error) {
  if (error.name === "QuotaExceededError") notice("danger", word("storage_full"), word("storage_full_text"));
}

/** @param {HTMLFormElement} form */
export async function restoreDraft(form) {
  const db = await database();
  const draft = /** @type {Draft | undefined} */ (await db.get("drafts", draftId(form)));
  if (!draft || "dirty" in form.dataset) return;
  const photos = await Promise.all(
    draft.photos.map(async (photo) => ({ ...photo, bytes: await db.get("blobs", photo.id) })),
  );
  setPhotos(
    form,
    photos.filter(({ bytes }) => bytes),
  );
  fillForm(form, draft.fields);
}

/** Forget what belongs to nothing any more. Bytes are always written together with what names them. */
export async function sweep() {
  const tx = (await database()).transaction(["items", "drafts", "blobs"], "readwrite");
  const drafts = tx.objectStore("drafts");
  const old = (await drafts.getAll()).filter((draft) => draft.at < Date.now() - KEPT);
  for (const { id } of old) await drafts.delete(id);
  const named = [
    ...(await tx.objectStore("items").getAll()).map((item) => item.blob),
    ...(await drafts.getAll()).flatMap(photoIds),
  ];
  const blobs = tx.objectStore("blobs");
  for (const id of await blobs.getAllKeys()) if (!named.includes(id)) await blobs.delete(id);
  await tx.done;
}

/** @param {Draft} draft */
function photoIds({ photos }) {
  return photos.map(({ id }) => id);
}
