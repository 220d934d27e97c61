/** What a card shows of itself: number, title, the fields of its kind, conditions to choose from. */

import { show } from "../page.js";
import { hasWord, word } from "../words.js";
import { choose, controlAt, docOf, listsOf } from "./cards.js";

/** @typedef {import("./cards.js").Doc} Doc */

const YES_NO = ["yes", "no"];
const GRADES = ["ok", "flag", "fail", "na"];
const OUTCOMES = ["ok", "fail"];

/** @param {HTMLFormElement} form */
export function drawAll(form) {
  for (const stop of form.querySelectorAll('[data-card="stop"]')) {
    const checks = [...stop.querySelectorAll('[data-card="check"]')];
    checks.forEach((check) => drawKind(check));
    checks.forEach((check, place) => drawCondition(form, check, checks.slice(0, place)));
    checks.forEach((check, place) => drawHead(check, place, word("round_check"), kindWords(check)));
    drawHead(stop, [...(stop.parentElement?.children ?? [])].indexOf(stop), word("round_stop"), sumOf(stop, checks));
  }
}

/** @param {Element} card @param {number} place @param {string} unnamed @param {string} sum */
function drawHead(card, place, unnamed, sum) {
  const head = card.querySelector(":scope > summary");
  const { title, label } = docOf(card);
  write(head, "[data-number]", String(place + 1));
  write(head, "[data-title]", wordsOf(title ?? label) || unnamed);
  write(head, "[data-sum]", sum);
}

/** @param {Element | null} root @param {string} selector @param {string} text */
function write(root, selector, text) {
  const place = root?.querySelector(selector);
  if (place && place.textContent !== text) place.textContent = text;
}

/** @param {any} words @returns {string} in the language of the page, else in the other one */
export function wordsOf(words) {
  if (typeof words !== "object" || !words) return String(words ?? "");
  return (document.documentElement.lang === "en" ? words.en || words.zh : words.zh || words.en) ?? "";
}

/** @param {Element} check */
function kindWords(check) {
  const select = /** @type {HTMLSelectElement | undefined} */ (controlAt(check, "kind"));
  return select?.selectedOptions[0]?.textContent ?? "";
}

/** @param {Element} stop @param {Element[]} checks */
function sumOf(stop, checks) {
  const where = stop.querySelector("[data-where-name]")?.textContent;
  return [where, word("round_checks", { count: checks.length })].filter(Boolean).join(" · ");
}

/** @param {Element} check */
function drawKind(check) {
  const kind = controlAt(check, "kind")?.value ?? "";
  for (const part of check.querySelectorAll("[data-for]")) {
    show(part, (part.getAttribute("data-for") ?? "").split(",").includes(kind));
  }
}

/** @param {HTMLFormElement} form @param {Element} check @param {Element[]} earlier */
function drawCondition(form, check, earlier) {
  const select = /** @type {HTMLSelectElement | undefined} */ (controlAt(check, "when.check"));
  const box = check.querySelector("[data-among-box]");
  if (!select || !box) return;
  const docs = earlier.map(docOf);
  offer(select, docs);
  const named = docs.find(({ key }) => key === select.value);
  if (named) drawAmong(form, check, named);
  show(box, Boolean(select.value));
}

/** @param {HTMLSelectElement} select @param {Doc[]} docs */
function offer(select, docs) {
  const chosen = select.value;
  const options = docs.map(({ key, label }) => new Option(wordsOf(label) || key, key));
  select.replaceChildren(select.options[0], ...options);
  select.value = "";
  choose(select, chosen);
}

/** @param {HTMLFormElement} form @param {Element} check @param {Doc} earlier */
function drawAmong(form, check, earlier) {
  const place = /** @type {HTMLElement} */ (check.querySelector("[data-among]"));
  const answers = answersOf(earlier);
  const first = !place.dataset.drawn;
  const sign = JSON.stringify([earlier.key, answers]);
  if (place.dataset.drawn === sign) return;
  const kept = first ? (place.dataset.given ?? "").split(" ").filter(Boolean) : (docOf(check).when?.in ?? []);
  const others = first ? kept.filter((/** @type {string} */ value) => answers.every(([known]) => known !== value)) : [];
  answers.push(...others.map(outcomeWords));
  place.dataset.drawn = sign;
  place.replaceChildren(...answers.map(([value, text]) => answerBox(form, value, text, kept.includes(value))));
}

/** @param {Doc} check @returns {[string, string][]} */
function answersOf({ kind, options = [] }) {
  if (kind === "choice") return options.map((/** @type {Doc} */ one) => [one.key, wordsOf(one.label) || one.key]);
  if (kind === "yes-no") return YES_NO.map((value) => [value, word(`round_${value}`)]);
  return (kind === "grade" ? GRADES : OUTCOMES).map(outcomeWords);
}

/** @param {string} value @returns {[string, string]} */
function outcomeWords(value) {
  const key = `round_outcome_${value}`;
  return [value, hasWord(key) ? word(key) : value];
}

/** @param {HTMLFormElement} form @param {string} value @param {string} text @param {boolean} checked */
function answerBox(form, value, text, checked) {
  const template = /** @type {HTMLTemplateElement} */ (form.querySelector("template[data-editor-among]"));
  const box = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  const input = /** @type {HTMLInputElement} */ (box.querySelector("input"));
  Object.assign(input, { value, checked });
  write(box, "span", text);
  return box;
}

/** The answers of a condition are drawn later than the card: remember which were chosen. @param {Element} card @param {Doc} doc */
export function rememberConditions(card, doc) {
  const place = /** @type {HTMLElement | null} */ (card.querySelector(":scope [data-among]"));
  if (card.getAttribute("data-card") === "check" && place) place.dataset.given = (doc.when?.in ?? []).join(" ");
  for (const list of listsOf(card)) {
    [...list.children].forEach((one, number) => rememberConditions(one, doc[list.dataset.list ?? ""]?.[number] ?? {}));
  }
}
