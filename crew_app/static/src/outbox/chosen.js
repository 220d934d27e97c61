/** The pictures chosen in each form, with their previews. */

import { behaviour } from "../behaviour.js";
import { actionOf, clone, show, slot } from "../page.js";
import { isOurs, setInHand } from "./ours.js";
import { photoFrom } from "./photos.js";

/** @typedef {import("./photos.js").Photo} Photo */
/** @typedef {{ready: Promise<Photo>, purpose: string, photo?: Photo}} Choice what a picture is for: a check, or nothing */

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
  const files = [...(input.files ?? [])];
  const { for: purpose = "" } = input.dataset;
  const added = files.map((file) => choice(photoFrom(file, input), purpose));
  // Emptied at once: the same picture can be taken again, and the bytes are not sent twice.
  input.value = "";
  setChoices(form, input.multiple ? [...choicesOf(form), ...added] : [...choicesOf(form).filter((one) => one.purpose !== purpose), ...added]);
  Promise.allSettled(added.map(({ ready }) => ready)).then(() => changed(form));
}

/** @param {Promise<Photo>} ready @param {string} purpose @returns {Choice} */
function choice(ready, purpose) {
  /** @type {Choice} */
  const made = { ready, purpose };
  ready.then(
    (photo) => (made.photo = Object.assign(photo, purpose ? { purpose } : {})),
    () => {},
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
  const usable = choicesOf(form).filter(({ photo }) => photo);
  setChoices(form, usable);
  draw(form);
  form.dispatchEvent(new Event("change", { bubbles: true }));
  if ("autoSend" in form.dataset && usable.length) form.requestSubmit();
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
    place.replaceChildren(...here.flatMap((one) => (one.photo ? (preview(form, one, one.photo) ?? []) : [])));
    show(place, place.childElementCount > 0);
  }
}

/** @param {HTMLFormElement} form @param {Choice} one @param {Photo} photo */
function preview(form, one, photo) {
  const figure = clone("chosen-photo-template");
  const image = figure && /** @type {HTMLImageElement | null} */ (slot(figure, "image"));
  if (image) image.src = URL.createObjectURL(new Blob([photo.bytes], { type: photo.type }));
  figure?.querySelector("[data-remove-photo]")?.addEventListener("click", () => {
    choices.set(
      form,
      choicesOf(form).filter((other) => other !== one),
    );
    changed(form);
  });
  return figure;
}
