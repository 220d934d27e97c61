/** The pictures chosen in each form, with their previews. */

import { behaviour } from "../behaviour.js";
import { actionOf, clone, show, slot } from "../page.js";
import { part } from "../parts.js";
import { isOurs, setInHand } from "./ours.js";
import { photoFrom } from "./photos.js";

/** @typedef {import("./photos.js").Photo} Photo */
/** @typedef {{ready: Promise<Photo>, purpose: string, photo?: Photo, failed?: boolean}} Choice what a picture is for: a check, or nothing */

/** What the server takes with one form. */
export const MOST = 10;

/** @type {WeakMap<HTMLFormElement, Choice[]>} */
const choices = new WeakMap();

behaviour("form[data-outbox] input[data-photo]", (/** @type {HTMLInputElement} */ input) => {
  const form = /** @type {HTMLFormElement} */ (input.form);
  input.dataset.required = String(input.required);
  if (!isOurs(form)) return;
  // While the camera is open the field must stay in the page, or the picture is lost.
  input.addEventListener("click", () => setInHand(form, "camera", true));
  input.addEventListener("cancel", () => setInHand(form, "camera", false));
  input.addEventListener("change", () => choose(inThePage(form), input));
});

behaviour("form[data-auto-send] [data-auto-send-button]", (/** @type {HTMLButtonElement} */ button) => {
  if (isOurs(button.form)) show(button, false);
});

/**
 * The form, or the one that has come in its place while the picture was taken.
 * @param {HTMLFormElement} form
 */
export function inThePage(form) {
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-outbox]"));
  const heir = form.isConnected ? form : [...forms].find((other) => purposeOf(other) === purposeOf(form));
  return heir ?? form;
}

/** What a form is for: the same in the page that takes the place of this one. @param {HTMLFormElement} form */
export function purposeOf(form) {
  const made = (form.dataset.new ?? "").split(" ");
  const hidden = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[type=hidden]"));
  const fixed = [...hidden].filter(({ name, dataset }) => !name.startsWith("_") && !made.includes(name) && !name.startsWith("line_") && !("keep" in dataset));
  return [actionOf(form), ...fixed.map(({ name, value }) => `${name}=${value}`)].join(" ");
}

/** @param {HTMLFormElement} form @param {HTMLInputElement} input */
function choose(form, input) {
  setInHand(form, "camera", false);
  const photos = [...(input.files ?? [])].map((file) => photoFrom(file, input));
  // Emptied at once: the same picture can be taken again, and the bytes are not sent twice.
  input.value = "";
  takeIn(form, input, photos).then(() => sendByItself(form));
}

/**
 * More pictures for a form; those of a field for a single one take its place.
 * @param {HTMLFormElement} form
 * @param {HTMLInputElement} input the field they are for
 * @param {Promise<Photo>[]} photos
 * @returns {Promise<void>} when they are prepared and shown
 */
export async function takeIn(form, input, photos) {
  const { for: purpose = "" } = input.dataset;
  const others = input.multiple ? choicesOf(form) : choicesOf(form).filter((one) => one.purpose !== purpose);
  setChoices(form, [...others, ...photos.map((ready) => choice(ready, purpose))]);
  await Promise.allSettled(photos);
  changed(form);
}

/** A form that asks for nothing but pictures leaves when they are taken. @param {HTMLFormElement} form */
export function sendByItself(form) {
  if ("autoSend" in form.dataset && readyPhotos(form).length) form.requestSubmit();
}

/** A drawing beside its original. @param {HTMLFormElement} form @param {Photo} copy */
export function addCopy(form, copy) {
  const made = choice(Promise.resolve(copy), copy.purpose ?? "");
  setChoices(form, [...choicesOf(form), { ...made, photo: copy }]);
  changed(form);
}

/** One picture, and what was drawn on it, is not wanted any more. @param {HTMLFormElement} form @param {string} id */
export function removePhoto(form, id) {
  choices.set(
    form,
    choicesOf(form).filter(({ photo }) => photo?.id !== id && photo?.copyOf !== id),
  );
  changed(form);
}

/** @param {Promise<Photo>} ready @param {string} purpose @returns {Choice} */
function choice(ready, purpose) {
  /** @type {Choice} */
  const made = { ready, purpose };
  ready.then(
    (photo) => (made.photo = Object.assign(photo, purpose ? { purpose } : {})),
    () => (made.failed = true),
  );
  return made;
}

/** @param {HTMLFormElement} form @returns {Choice[]} */
function choicesOf(form) {
  return choices.get(form) ?? [];
}

/** @param {HTMLFormElement} form @returns {Promise<Photo[]>} when all are prepared */
export async function photosOf(form) {
  return Promise.all(choicesOf(form).map(({ ready }) => ready));
}

/** @param {HTMLFormElement} form @returns {Photo[]} those prepared so far */
export function readyPhotos(form) {
  return choicesOf(form).flatMap(({ photo }) => photo ?? []);
}

/** @param {HTMLFormElement} form @param {Photo[]} photos kept from before, or none */
export function setPhotos(form, photos) {
  setChoices(
    form,
    photos.map((photo) => ({ photo, purpose: photo.purpose ?? "", ready: Promise.resolve(photo) })),
  );
  draw(form);
}

/** One more picture that nobody chose, in place of the last of its purpose. @param {HTMLFormElement} form @param {Photo} photo */
export function addPhoto(form, photo) {
  const others = readyPhotos(form).filter(({ purpose }) => purpose !== photo.purpose);
  setPhotos(form, [...others, photo]);
}

/** @param {HTMLFormElement} form @param {Choice[]} list */
function setChoices(form, list) {
  choices.set(form, list);
  setInHand(
    form,
    "pictures",
    list.some(({ photo }) => !photo),
  );
  requirePhotos(form);
  for (const place of previews(form)) place.setAttribute("aria-busy", String(list.some(({ photo }) => !photo)));
}

/** A picture is wanted until there is one for the same purpose. @param {HTMLFormElement} form */
export function requirePhotos(form) {
  for (const input of photoInputs(form)) {
    const has = choicesOf(form).some(({ purpose }) => purpose === (input.dataset.for ?? ""));
    input.required = input.dataset.required === "true" && !has;
  }
}

/** @param {HTMLFormElement} form @returns {NodeListOf<HTMLInputElement>} */
function photoInputs(form) {
  return form.querySelectorAll("input[data-photo]");
}

/** @param {HTMLFormElement} form */
function changed(form) {
  const usable = choicesOf(form).filter(({ failed }) => !failed);
  setChoices(form, usable);
  draw(form);
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {HTMLFormElement} form @returns {NodeListOf<HTMLElement>} */
function previews(form) {
  return form.querySelectorAll("[data-photo-previews]");
}

/** @param {HTMLFormElement} form */
function draw(form) {
  for (const place of previews(form)) {
    place.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    const here = choicesOf(form).filter(({ purpose }) => purpose === (place.dataset.for ?? ""));
    place.replaceChildren(...here.flatMap((one) => (one.photo ? (preview(form, one.photo) ?? []) : [])));
    show(place, place.childElementCount > 0);
  }
  // What was shot before the phone died waits here for a word.
  const button = form.querySelector("[data-auto-send-button]");
  const waits = readyPhotos(form).length > 0;
  button?.toggleAttribute("data-waits", waits);
  if (button && isOurs(form)) show(button, waits);
}

/** @param {HTMLFormElement} form @param {Photo} photo */
function preview(form, photo) {
  const figure = clone("chosen-photo-template");
  const image = figure && /** @type {HTMLImageElement | null} */ (slot(figure, "image"));
  if (image) image.src = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
  figure?.querySelector("[data-remove-photo]")?.addEventListener("click", () => removePhoto(form, photo.id));
  const pen = figure?.querySelector("[data-mark-photo]");
  if (pen && isMarkable(form, photo)) show(pen, true);
  pen?.addEventListener("click", async () => (await part("camera.js")).mark(form, photo));
  return figure;
}

/** Where two pictures may be, one of them may be a drawing. @param {HTMLFormElement} form @param {Photo} photo */
export function isMarkable(form, { purpose = "", copyOf }) {
  const isRoom = choicesOf(form).length < MOST;
  return isRoom && !copyOf && [...photoInputs(form)].some((input) => input.multiple && (input.dataset.for ?? "") === purpose);
}
