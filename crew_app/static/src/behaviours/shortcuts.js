/** Keys for work at a desk: data-shortcut="v" on a link or button; j and k move along a list, unless the page gives them to a link. */

const ITEMS = "[data-shortcut-item] a";
const MOVES = { j: 1, k: -1 };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const step = MOVES[/** @type {"j"} */ (event.key)];
  const named = withKey(event.key);
  const target = named ?? (step ? neighbour(step) : undefined);
  if (!target) return;
  event.preventDefault();
  if (named) named.click();
  else target.focus();
});

/** @param {EventTarget | null} target */
function isTyping(target) {
  return (
    target instanceof Element &&
    target.closest("input:not([type=radio], [type=checkbox]), textarea, select, dialog") !== null
  );
}

/** @param {string} key @returns {HTMLElement | undefined} */
function withKey(key) {
  const all = /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`)
  );
  return [...all].find((element) => element.checkVisibility());
}

/** @param {number} step @returns {HTMLElement | undefined} */
function neighbour(step) {
  const all = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(ITEMS))];
  const now = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  return now < 0 ? all[0] : all[now + step];
}
