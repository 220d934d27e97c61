/** The strings the page brought along for its scripts, in the person's language. */

/** @type {Record<string, string> | undefined} */
let table;

/** @returns {Record<string, string>} */
function all() {
  table ??= JSON.parse(document.getElementById("crew-words")?.textContent || "{}");
  return table ?? {};
}

/** @param {string} key */
export function hasWord(key) {
  return key in all();
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] for placeholders such as {count}
 * @returns {string}
 */
export function word(key, values = {}) {
  return fill(all()[formOf(key, values.count)] ?? key, values);
}

/**
 * "1 entry", "3 entries": words that count have a second form where the language has one.
 * @param {string} key
 * @param {string | number | undefined} count
 */
function formOf(key, count) {
  if (typeof count !== "number") return key;
  const form = `${key}_${new Intl.PluralRules(language()).select(count)}`;
  return hasWord(form) ? form : key;
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {number} time ms since 1970 @returns {string} "3 hours ago" in the page's language */
export function ago(time) {
  const minutes = Math.min(0, Math.round((time - Date.now()) / 60_000));
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  if (minutes > -60) return format.format(minutes, "minute");
  if (minutes > -60 * 48) return format.format(Math.round(minutes / 60), "hour");
  return format.format(Math.round(minutes / 60 / 24), "day");
}

/** @param {string | number | Date} time @returns {string} "09:12", with the date when it is not today */
export function clock(time) {
  const date = new Date(time);
  const today = date.toDateString() === new Date().toDateString();
  /** @type {Intl.DateTimeFormatOptions} */
  const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return date.toLocaleString(language(), today ? shape : { ...shape, month: "numeric", day: "numeric" });
}

/** @param {number} bytes @returns {string} "340 kB" */
export function size(bytes) {
  const unit = bytes < 1_000_000 ? "kilobyte" : "megabyte";
  const amount = Math.max(bytes / (unit === "kilobyte" ? 1000 : 1_000_000), 0.1);
  const format = new Intl.NumberFormat(language(), { style: "unit", unit, maximumFractionDigits: amount < 10 ? 1 : 0 });
  return format.format(amount);
}

function language() {
  return document.documentElement.lang || undefined;
}
