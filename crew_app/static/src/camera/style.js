/** The style sheet of the camera's dialogs comes with the first of them. */

import { clone } from "../page.js";

/**
 * @param {string} id of a template with a dialog
 * @returns {Promise<HTMLDialogElement>} in the page, and open
 */
export async function openDialog(id) {
  const dialog = /** @type {HTMLDialogElement | null} */ (clone(id));
  if (!dialog) throw new Error(`no ${id} in this page`);
  await styled(dialog.dataset.style ?? "");
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  return dialog;
}

/** @param {string} href */
async function styled(href) {
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  await new Promise((resolve) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve); // bare, but it works
    document.head.append(link);
  });
}
