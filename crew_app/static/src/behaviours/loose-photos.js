/** data-loose-photos="5": photos of a plain form are scaled as soon as they are chosen, shown, and limited in number. */

import { behaviour } from "../behaviour.js";
import { clone, show, slot } from "../page.js";
import { photoFrom } from "../outbox/photos.js";

behaviour("[data-loose-photos]", (/** @type {HTMLElement} */ field) => {
  const input = /** @type {HTMLInputElement} */ (field.querySelector("input[type=file]"));
  const most = Number(field.dataset.loosePhotos);
  /** @type {File[]} */
  let kept = [];

  const keep = (/** @type {File[]} */ files) => {
    const list = new DataTransfer();
    kept = files.slice(0, most);
    kept.forEach((file) => list.items.add(file));
    input.files = list.files;
    draw(field, kept, (file) => keep(kept.filter((other) => other !== file)));
  };
  input.addEventListener("change", async () => {
    const chosen = [...(input.files ?? [])];
    const form = input.form;
    form?.setAttribute("aria-busy", "true");
    const small = await Promise.all(chosen.map((file) => scaled(file, input)));
    keep([...kept, ...small]);
    form?.removeAttribute("aria-busy");
    form?.dispatchEvent(new Event("photos-ready"));
  });
});

/** @param {File} file @param {HTMLInputElement} input @returns {Promise<File>} the file itself when it cannot be scaled */
async function scaled(file, input) {
  try {
    const { bytes, type } = await photoFrom(file, input);
    return new File([bytes], file.name, { type, lastModified: file.lastModified });
  } catch {
    return file;
  }
}

/** @param {HTMLElement} field @param {File[]} files @param {(file: File) => void} remove */
function draw(field, files, remove) {
  const place = /** @type {HTMLElement} */ (field.querySelector("[data-loose-previews]"));
  place.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  place.replaceChildren(...files.flatMap((file) => preview(file, remove) ?? []));
  show(place, files.length > 0);
}

/** @param {File} file @param {(file: File) => void} remove */
function preview(file, remove) {
  const figure = clone("chosen-photo-template");
  const image = figure && /** @type {HTMLImageElement | null} */ (slot(figure, "image"));
  if (image) image.src = URL.createObjectURL(file);
  figure?.querySelector("[data-remove-photo]")?.addEventListener("click", () => remove(file));
  return figure;
}
