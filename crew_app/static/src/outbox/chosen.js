/** The pictures chosen in each form, with their previews. */

import { behaviour } from "../behaviour.js";
import { actionOf, clone, show, slot } from "../page.js";
import { isOurs, setInHand } from "./ours.js";
import { photoFrom } from "./photos.js";

/** @typedef {import("./photos.js").Photo} Photo */
/** @typedef {{ready: Promise<Photo>, photo?: Photo}} Choice */

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
  const fixed = [...hidden].filter(({ name }) => !name.startsWith("_") && !made.includes(name) && !name.startsWith("line_"));
  return [actionOf(form), ...fixed.map(({ name, value }) => `${name}=${value}`)].join(" ");
}

/** @param {HTMLFormElement} form @param {HTMLInputElement} input */
function choose(form, input) {
  setInHand(form, "camera", false);
  const files = [...(input.files ?? [])];
  const added = files.map((file) => choice(photoFrom(file, input)));
  // Emptied at once: the same picture can be taken again, and the bytes are not sent twice.
  input.value = "";
  setChoices(form, input.multiple ? [...choicesOf(form), ...added] : added);
  Promise.allSettled(added.map(({ ready }) => ready)).then(() => changed(form));
}

/** @param {Promise<Photo>} ready @returns {Choice} */
function choice(ready) {
  /** @type {Choice} */
  const made = { ready };
  ready.then(
    (photo) => (made.photo = photo),
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
    photos.map((photo) => ({ photo, ready: Promise.resolve(photo) })),
  );
  draw(form);
}

/** @param {HTMLFormElement} form @param {Choice[]} list */
function setChoices(form, list) {
  choices.set(form, list);
  setInHand(
    form,
    "pictures",
    list.some(({ photo }) => !photo),
  );
  for (const input of photoInputs(form)) input.required = input.dataset.required === "true" && !list.length;
  previews(form)?.setAttribute("aria-busy", String(list.some(({ photo }) => !photo)));
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

/** @param {HTMLFormElement} form */
function previews(form) {
  return form.querySelector("[data-photo-previews]");
}

/** @param {HTMLFormElement} form */
function draw(form) {
  const place = previews(form);
  if (!place) return;
  place.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  place.replaceChildren(...choicesOf(form).flatMap((one) => (one.photo ? (preview(form, one, one.photo) ?? []) : [])));
  show(place, place.childElementCount > 0);
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
