/** What is known about the one chosen in a list stands below it. */

import { behaviour } from "../behaviour.js";
import { show } from "../page.js";

behaviour("select[data-shows]", (/** @type {HTMLSelectElement} */ select) => {
  const draw = () => {
    for (const part of select.form?.querySelectorAll("[data-shown-for]") ?? []) {
      show(part, part.getAttribute("data-shown-for") === select.value);
    }
  };
  select.addEventListener("change", draw);
  select.form?.addEventListener("form-filled", draw);
  select.form?.addEventListener("reset", () => setTimeout(draw));
  draw();
});
