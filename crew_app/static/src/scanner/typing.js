/** The printed code, typed: grouped as it grows, checked here, so that a slip is told without a network. */

import { word } from "../words.js";
import { cleaned, codeIn, grouped, normalise } from "./codes.js";

const LENGTH = 14;

/** @param {HTMLFormElement} form @param {(code: string) => void} onCode */
export function startTyping(form, onCode) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  const change = () => (group(input), tell(form, input, faultWhileTyping(input.value)));
  form.noValidate = true;
  input.addEventListener("input", (event) => /** @type {InputEvent} */ (event).isComposing || change());
  input.addEventListener("compositionend", change);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    group(input);
    const { code, fault } = normalise(input.value);
    tell(form, input, fault);
    if (fault) return input.focus();
    input.value = "";
    onCode(code);
  });
}

/** The caret stays behind the same character. @param {HTMLInputElement} input */
function group(input) {
  const before = cleaned(input.value.slice(0, input.selectionStart ?? undefined)).length;
  const text = grouped(codeIn(input.value) ?? cleaned(input.value));
  if (text === input.value) return;
  input.value = text;
  const caret = before + (before > 5 ? 1 : 0) + (before > 10 ? 1 : 0);
  input.setSelectionRange(caret, caret);
}

/** What is too short may still grow. @param {string} text */
function faultWhileTyping(text) {
  const { fault } = normalise(text);
  return fault === "length" && cleaned(text).length < LENGTH ? undefined : fault;
}

/** @param {HTMLFormElement} form @param {HTMLInputElement} input @param {string} [fault] */
function tell(form, input, fault) {
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-scan-fault]"));
  const text = fault ? word(`scan_fault_${fault}`, { count: cleaned(input.value).length }) : "";
  place.hidden = !fault;
  if (place.textContent !== text) place.textContent = text;
  if (fault) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}
