/** data-ticks="name" on a button: ticks every box of that name that is shown, or none; data-tick-count says how many. */

import { behaviour } from "../behaviour.js";

behaviour("[data-ticks]", (/** @type {HTMLElement} */ button) => {
  const boxes = () =>
    [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(`input[name="${button.dataset.ticks}"]`))];
  const draw = () => {
    const count = boxes().filter((box) => box.checked).length;
    for (const place of document.querySelectorAll("[data-tick-count]")) place.textContent = String(count);
  };
  const all = () => {
    const some = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = some;
    draw();
  };
  button.hidden = false;
  button.addEventListener("click", all);
  document.addEventListener("change", draw);
  draw();
  return () => {
    button.removeEventListener("click", all);
    document.removeEventListener("change", draw);
  };
});
