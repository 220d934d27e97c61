/** [data-same-kind="lamp"]: what is reported already, shown when that kind is chosen in the report of the page. */

import { behaviour } from "../behaviour.js";
import { show } from "../page.js";

behaviour("[data-same-kind]", (/** @type {HTMLElement} */ element) => {
  const draw = () => {
    const chosen = /** @type {HTMLInputElement | null} */ (document.querySelector("#report [name=job_kind]:checked"));
    const fits = chosen?.value === element.dataset.sameKind;
    if (fits && element.hidden) element.scrollIntoView({ block: "nearest" });
    show(element, fits);
  };
  const form = document.getElementById("report");
  form?.addEventListener("change", draw);
  draw();
  return () => form?.removeEventListener("change", draw);
});
