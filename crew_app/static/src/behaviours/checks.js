/** Checks of a stop: which are asked, what is a fault, what lies outside the limits, what runs for a while. */

import { behaviour } from "../behaviour.js";
import { requirePhotos } from "../outbox/chosen.js";
import { show } from "../page.js";
import { signalHit } from "../scanner/signals.js";

/** @typedef {HTMLFieldSetElement} Check */

behaviour("form[data-visit]", (/** @type {HTMLFormElement} */ form) => {
  const look = () => judgeAll(form);
  for (const name of ["input", "change", "form-filled"]) form.addEventListener(name, look);
  form.addEventListener("reset", () => setTimeout(look));
  look();
});

/** @param {HTMLFormElement} form */
function judgeAll(form) {
  for (const check of /** @type {NodeListOf<Check>} */ (form.querySelectorAll("[data-check]"))) {
    ask(check, isAsked(form, check));
    judge(check);
  }
  requirePhotos(form);
}

/** @param {HTMLFormElement} form @param {Check} check */
function isAsked(form, { dataset }) {
  if (!dataset.whenCheck) return true;
  const earlier = /** @type {Check | null} */ (form.querySelector(`[data-check="${CSS.escape(dataset.whenCheck)}"]`));
  if (!earlier || earlier.disabled) return false;
  const wanted = (dataset.whenIn ?? "").split(" ");
  return wanted.includes(answerOf(earlier)) || wanted.includes(outcomeOf(earlier));
}

/** @param {Check} check @param {boolean} asked */
function ask(check, asked) {
  show(check, asked);
  check.disabled = !asked;
}

/** @param {Check} check */
function judge(check) {
  const beyond = isBeyond(check);
  const faulty = outcomeOf(check) === "fail";
  check.toggleAttribute("data-beyond-now", beyond);
  check.toggleAttribute("data-faulty", faulty);
  const sure = /** @type {HTMLInputElement | null} */ (check.querySelector("[data-beyond] input"));
  if (sure) sure.required = beyond;
  const odd = check.querySelector("[data-odd]");
  if (odd) show(odd, isOdd(check));
  wantPhoto(check, beyond ? !noteOf(check) || "photoOnFail" in check.dataset : faulty && "photoOnFail" in check.dataset);
}

/** @param {Check} check @returns {string} words that stand for a photo of a value outside the limits */
function noteOf(check) {
  return /** @type {HTMLTextAreaElement | null} */ (check.querySelector("[data-fault] textarea"))?.value.trim() ?? "";
}

/** @param {Check} check @param {boolean} wanted */
function wantPhoto(check, wanted) {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (check.querySelectorAll("[data-fault] [data-photo]"))) {
    input.dataset.required = String(wanted);
  }
}

/** @param {Check} check @returns {string} what was chosen or typed */
function answerOf(check) {
  const chosen = /** @type {HTMLInputElement | null} */ (check.querySelector('input[type="radio"]:checked'));
  return chosen?.value ?? /** @type {HTMLInputElement | null} */ (check.querySelector("[data-reading]"))?.value ?? "";
}

/** @param {Check} check @returns {string} ok, flag, fail, na or nothing */
function outcomeOf(check) {
  const chosen = /** @type {HTMLInputElement | null} */ (check.querySelector('input[type="radio"]:checked'));
  if (!chosen) return isBeyond(check) ? "fail" : "";
  if ("bad" in chosen.dataset) return "fail";
  return { flag: "flag", na: "na" }[chosen.value] ?? "ok";
}

/** @param {Check} check @returns {number} NaN when there is none */
function numberIn(check) {
  const typed = /** @type {HTMLInputElement | null} */ (check.querySelector("[data-reading]"))?.value.normalize("NFKC") ?? "";
  const plain = typed.replace(/[,。]/g, ".").trim();
  return plain ? Number(plain) : NaN;
}

/** @param {Check} check */
function isBeyond(check) {
  const { low, high } = check.dataset;
  const number = numberIn(check);
  return (low !== undefined && number < Number(low)) || (high !== undefined && number > Number(high));
}

/** @param {Check} check whether its number is too far from the last one, or a meter runs backwards */
function isOdd(check) {
  const { jump, last, checkKind } = check.dataset;
  const difference = numberIn(check) - Number(last ?? NaN);
  return (checkKind === "meter" && difference < 0) || (jump !== undefined && Math.abs(difference) > Number(jump));
}

behaviour("[data-countdown]", (/** @type {HTMLElement} */ root) => {
  const value = /** @type {HTMLInputElement} */ (root.querySelector("[data-countdown-value]"));
  const left = /** @type {HTMLElement} */ (root.querySelector("[data-countdown-left]"));
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  const stop = () => (clearInterval(timer), (timer = undefined));
  const tick = (/** @type {number} */ since) => {
    const passed = Math.floor((Date.now() - since) / 1000);
    const rest = Math.max(0, Number(root.dataset.countdown) - passed);
    left.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
    value.value = String(passed);
    value.dispatchEvent(new Event("input", { bubbles: true }));
    if (!rest) (stop(), signalHit());
  };
  root.querySelector("[data-countdown-start]")?.addEventListener("click", () => {
    stop();
    const since = Date.now();
    timer = setInterval(() => tick(since), 500);
  });
  return stop;
});
