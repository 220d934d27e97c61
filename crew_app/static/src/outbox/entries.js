/** What waits, as people think of it: one entry for a command with its photos, grouped by job or place. Pure functions. */

/** @typedef {import("./store.js").Item} Item */
/**
 * @typedef {Object} Entry
 * @property {Item} head the command; without one, the (first) photo of a command that was sent before
 * @property {Item[]} photos
 * @property {Item | undefined} blocker the refused entry it waits for
 * @typedef {{subject: string, about: string, entries: Entry[]}} Group
 */

/** @param {Item[]} items of one person, in order @returns {Entry[]} */
export function entriesOf(items) {
  const commands = items.filter((item) => !item.blob);
  const known = new Set(commands.map(({ key }) => key));
  const photos = items.filter((item) => item.blob);
  const orphans = Map.groupBy(
    photos.filter(({ after = "" }) => !known.has(after)),
    (item) => (item.state === "refused" ? item.key : `${item.after}`),
  );
  const whole = commands.map((head) => ({ head, photos: photos.filter(({ after }) => after === head.key) }));
  const rest = [...orphans.values()].map((group) => ({ head: group[0], photos: group }));
  return [...whole, ...rest].map((entry) => ({ ...entry, blocker: blockerOf(entry.head, items) }));
}

/**
 * The refused command that has to be decided about before this item can go.
 * @param {Item} item
 * @param {Item[]} items
 * @returns {Item | undefined}
 */
export function blockerOf(item, items) {
  if (item.state !== "waiting") return;
  if (item.blob) {
    const command = items.find((other) => other.key === item.after);
    return command?.state === "refused" ? command : command && blockerOf(command, items);
  }
  return items.find((other) => item.subject && isBefore(other, item) && other.state === "refused");
}

/** @param {Item} other @param {Item} item */
function isBefore(other, item) {
  return !other.blob && other.subject === item.subject && (other.seq ?? 0) < (item.seq ?? 0);
}

/**
 * @param {Entry[]} entries
 * @param {Map<string, string>} known what subjects are called, from entries sent before
 * @returns {Group[]} those first that a person has to decide about
 */
export function groupsOf(entries, known) {
  const named = entries.filter(({ head }) => head.subject && head.about);
  const subjects = new Map(named.map(({ head }) => [head.about, head.subject]));
  const bySubject = Map.groupBy(entries, ({ head: { subject, about = "" } }) => subject || subjects.get(about) || about);
  const groups = [...bySubject].map(([subject, all]) => ({
    subject,
    about: all.map(({ head }) => head.about).find(Boolean) ?? known.get(subject) ?? "",
    entries: all,
  }));
  return groups.sort((a, b) => Number(b.entries.some(isRefused)) - Number(a.entries.some(isRefused)));
}

/** @param {Entry} entry */
export function isRefused({ head }) {
  return head.state === "refused";
}

/** @param {Entry} entry @returns {number} bytes */
export function sizeOf({ head, photos }) {
  return photos.reduce((sum, photo) => sum + (photo === head ? 0 : photo.size), head.size);
}

/**
 * Without the job's number or the place, where the heading says it.
 * @param {{label: string, about?: string}} item
 * @returns {string}
 */
export function shortLabel({ label, about = "" }) {
  const [name] = about.split(" · ");
  return (name && label.replace(name, "").trim()) || label;
}

/** @param {Item} item @returns {string} what a person typed */
export function textOf({ body }) {
  const fields = new URLSearchParams(body);
  return [fields.get("description"), fields.get("note")].filter(Boolean).join(" · ");
}
