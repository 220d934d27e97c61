/** data-calm-refresh="30": shows how it stands every so many seconds, while nobody types and the page is looked at. */

import { behaviour } from "../behaviour.js";
import { visit } from "../htmx.js";

behaviour("[data-calm-refresh]", (/** @type {HTMLElement} */ element) => {
  const again = () => isCalm(element) && visit(location.pathname, () => isCalm(element));
  const timer = setInterval(again, Number(element.dataset.calmRefresh) * 1000);
  return () => clearInterval(timer);
});

/** @param {HTMLElement} element */
function isCalm(element) {
  const fields = /** @type {NodeListOf<any>} */ (element.querySelectorAll("input, textarea"));
  const touched = [...fields].some((one) => one.files?.length || one.value !== one.defaultValue || one.checked !== one.defaultChecked);
  return !document.hidden && !touched && !element.querySelector("details[open]") && !element.querySelector("[role=alert]");
}
