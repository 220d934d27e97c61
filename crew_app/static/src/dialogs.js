/** Questions asked in a dialog of the page's own. */

import { clone, setSlots } from "./page.js";

/**
 * @param {string} id of a template with a dialog
 * @param {Record<string, string | undefined>} slots those given are set
 * @param {(dialog: HTMLDialogElement) => void} [fill] what is not a text
 * @returns {Promise<string>} the value of the button pressed, "" when closed
 */
export function ask(id, slots, fill) {
  const dialog = /** @type {HTMLDialogElement | null} */ (clone(id));
  if (!dialog) return Promise.resolve("");
  setSlots(dialog, Object.fromEntries(Object.entries(slots).filter(([, text]) => text)));
  fill?.(dialog);
  document.body.append(dialog);
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue);
      dialog.remove();
    });
  });
}
