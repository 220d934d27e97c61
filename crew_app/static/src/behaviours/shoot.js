/** The camera inside the application in place of the phone's own, and drawing on pictures; both come with a part. */

import { behaviour } from "../behaviour.js";
import { inThePage } from "../outbox/chosen.js";
import { isOurs } from "../outbox/ours.js";
import { show } from "../page.js";
import { part } from "../parts.js";

behaviour("form[data-outbox] input[data-photo][capture]", (/** @type {HTMLInputElement} */ input) => {
  if (!isOurs(input.form) || !navigator.mediaDevices?.getUserMedia) return;
  input.addEventListener("click", (event) => {
    if ("plain" in input.dataset) return;
    event.preventDefault();
    open(input);
  });
});

/** Before the basement: what will lie over the view of a job in hand. */
behaviour("input[data-ghost-keep]", (/** @type {HTMLInputElement} */ { dataset }) => {
  navigator.serviceWorker?.controller?.postMessage({ type: "keep", url: dataset.ghost });
});

behaviour("form[data-outbox] button[data-mark]", (/** @type {HTMLButtonElement} */ button) => {
  const form = /** @type {HTMLFormElement} */ (button.form);
  if (!isOurs(form)) return show(button, false);
  show(button, true);
  button.addEventListener("click", async () => {
    const { mark: url, copyOf: id = "", for: purpose } = button.dataset;
    (await part("camera.js")).mark(inThePage(form), { id, url, purpose });
  });
});

/** @param {HTMLInputElement} input */
async function open(input) {
  const form = inThePage(/** @type {HTMLFormElement} */ (input.form));
  try {
    if (!(await hasCamera())) return usePhone(input);
    const { shoot } = await part("camera.js");
    await shoot(form, input);
  } catch (error) {
    console.error(error);
    usePhone(input);
  }
}

async function hasCamera() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.some(({ kind }) => kind === "videoinput");
}

/** @param {HTMLInputElement} input */
function usePhone(input) {
  input.dataset.plain = "";
  input.click();
  delete input.dataset.plain;
}
