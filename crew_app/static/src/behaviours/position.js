/** Where somebody is who does something at a stop: noted only when it was allowed, and never waited for. */

import { behaviour } from "../behaviour.js";
import { show } from "../page.js";

const EXACT = { enableHighAccuracy: true, maximumAge: 30_000, timeout: 15_000 };

behaviour("form[data-visit]", (/** @type {HTMLFormElement} */ form) => {
  const field = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("position"));
  const note = async () => {
    if ((await permission()) === "granted") whereabouts((words) => field && (field.value = words));
  };
  if (field) form.addEventListener("change", note, { once: true });
});

behaviour("[data-allow-position]", (/** @type {HTMLButtonElement} */ button) => {
  button.addEventListener("click", () => whereabouts(() => {}, () => show(button, false)));
  permission().then((state) => show(button, state === "prompt"));
});

/** @returns {Promise<string>} granted, prompt, denied; nothing where it cannot be asked */
async function permission() {
  const status = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  return status?.state ?? "";
}

/** @param {(words: string) => void} take latitude, longitude, metres @param {() => void} [done] whatever came of it */
function whereabouts(take, done = () => {}) {
  const found = (/** @type {GeolocationPosition} */ { coords }) => {
    take([coords.latitude.toFixed(6), coords.longitude.toFixed(6), coords.accuracy.toFixed(1)].join(" "));
    done();
  };
  navigator.geolocation.getCurrentPosition(found, done, EXACT);
}
