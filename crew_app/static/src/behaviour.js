/** Small behaviours found by a selector: connected when an element appears, cleaned up when it goes. */

/** @typedef {(element: any) => void | (() => void)} Connect */

/** @type {[string, Connect][]} */
const registry = [];
/** @type {Map<Element, Map<Connect, void | (() => void)>>} */
const connected = new Map();
let isStarted = false;

/**
 * Also after the start, by a part that was loaded later.
 * @param {string} selector
 * @param {Connect} connect may return what to do when the element leaves the page
 */
export function behaviour(selector, connect) {
  registry.push([selector, connect]);
  if (isStarted) document.querySelectorAll(selector).forEach((element) => connectOne(element, connect));
}

/** Connect what is there and follow what comes and goes. */
export function startBehaviours() {
  isStarted = true;
  connectWithin(document.documentElement);
  new MutationObserver(follow).observe(document.documentElement, { childList: true, subtree: true });
}

/** @param {MutationRecord[]} records */
function follow(records) {
  for (const record of records) {
    for (const node of record.addedNodes) if (node instanceof Element && node.isConnected) connectWithin(node);
  }
  if (records.some((record) => record.removedNodes.length)) disconnectGone();
}

/** @param {Element} root */
function connectWithin(root) {
  for (const [selector, connect] of registry) {
    if (root.matches(selector)) connectOne(root, connect);
    root.querySelectorAll(selector).forEach((element) => connectOne(element, connect));
  }
}

/** @param {Element} element @param {Connect} connect */
function connectOne(element, connect) {
  const known = connected.get(element) ?? new Map();
  if (known.has(connect)) return;
  connected.set(element, known.set(connect, undefined));
  known.set(connect, connect(element));
}

function disconnectGone() {
  for (const [element, cleanups] of connected) {
    if (element.isConnected) continue;
    cleanups.forEach((cleanup) => cleanup?.());
    connected.delete(element);
  }
}
