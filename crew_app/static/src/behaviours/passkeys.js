/**
 * [data-passkey="address of options"]: signs in with a passkey; [data-new-passkey]: makes one. The browser's answer goes
 * into the field `answer`, and the form is sent as any other. Shown only where the browser can do it.
 */

import { behaviour } from "../behaviour.js";
import { show } from "../page.js";

behaviour("form[data-passkey], form[data-new-passkey]", (/** @type {HTMLFormElement} */ form) => {
  if (!window.PublicKeyCredential) return;
  show(form, true);
  const submit = (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("answer"));
    if (field.value) return;
    event.preventDefault();
    touch(form, field).catch((error) => broken(form, error));
  };
  form.addEventListener("submit", submit);
  return () => form.removeEventListener("submit", submit);
});

/** @param {HTMLFormElement} form @param {HTMLInputElement} field */
async function touch(form, field) {
  const { passkey, newPasskey } = form.dataset;
  const response = await fetch(passkey ?? newPasskey ?? "", { method: "POST", credentials: "same-origin" });
  if (!response.ok) throw new Error(`${response.status}`);
  const options = await response.json();
  const credential = await (passkey ? get(options) : create(options));
  field.value = JSON.stringify(credential);
  HTMLFormElement.prototype.submit.call(form);
}

/** @param {any} options */
async function get(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: options.allowCredentials?.map(known) };
  const found = /** @type {any} */ (await navigator.credentials.get({ publicKey }));
  const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
  const response = { authenticatorData, clientDataJSON, signature, userHandle };
  return plain(found, Object.fromEntries(Object.entries(response).map(([name, one]) => [name, one ? text(one) : null])));
}

/** @param {any} options */
async function create(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  const excludeCredentials = options.excludeCredentials?.map(known);
  const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials };
  const made = /** @type {any} */ (await navigator.credentials.create({ publicKey }));
  const { attestationObject, clientDataJSON } = made.response;
  const transports = made.response.getTransports?.() ?? [];
  return plain(made, { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON), transports });
}

/** @param {any} credential @param {object} response */
function plain({ id, rawId, type }, response) {
  return { id, rawId: text(rawId), type, response, clientExtensionResults: {} };
}

/** @param {any} credential */
function known(credential) {
  return { ...credential, id: bytes(credential.id) };
}

/** @param {string} base64url */
function bytes(base64url) {
  const plainText = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plainText, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function text(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {HTMLFormElement} form @param {Error} error */
function broken(form, error) {
  console.warn(error);
  const line = /** @type {HTMLElement} */ (form.querySelector("[data-passkey-error]"));
  line.textContent = form.dataset.broken ?? "";
  show(line, true);
}
