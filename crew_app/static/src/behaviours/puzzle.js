/**
 * form[data-puzzle]: finds a number whose SHA-256 together with the challenge begins with so many zero bits, while the
 * person still chooses. A form sent earlier waits for it a moment. Nothing of it is needed while few report.
 */

import { behaviour } from "../behaviour.js";
import { leadingZeros } from "../sha256.js";

const AT_ONCE = 400;

behaviour("form[data-puzzle]", (/** @type {HTMLFormElement} */ form) => {
  const puzzle = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=_effort]"))?.value ?? "";
  const proof = /** @type {HTMLInputElement} */ (form.querySelector("[name=_proof]"));
  const bits = Number(proof.dataset.puzzleBits);
  /** @type {HTMLElement | null | undefined} */
  let waiting;
  let number = 0;

  const search = () => {
    for (const end = number + AT_ONCE; number < end; number++) {
      if (leadingZeros(`${puzzle}.${number}`) >= bits) return found();
    }
    timer = setTimeout(search);
  };
  const found = () => {
    proof.value = String(number);
    go();
  };
  const go = () => {
    if (waiting === undefined || !proof.value || form.hasAttribute("aria-busy")) return;
    form.requestSubmit(waiting);
  };
  let timer = setTimeout(search);
  form.addEventListener("photos-ready", go);
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault(); // a second touch of an impatient thumb
    if (proof.value && !form.hasAttribute("aria-busy")) return void (form.dataset.sent = "yes");
    event.preventDefault();
    waiting = event.submitter;
  });
  const again = () => delete form.dataset.sent;
  addEventListener("pageshow", again);
  return () => {
    clearTimeout(timer);
    removeEventListener("pageshow", again);
  };
});
