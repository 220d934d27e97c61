/** Labels of bins: the address of the bin's page, as crew_app/routes/bins.py prints it, on any host. */

const PATH = /^\/stock\/stores\/([0-9a-f-]{36})\/bin$/;

/** @typedef {{store: string, name: string, path: string}} Bin store: its id; path: of its page on this site */

/** @param {string} text what a QR code says @returns {Bin | null} */
export function binIn(text) {
  const url = parsed(text.trim());
  const store = url && /^https?:$/.test(url.protocol) && PATH.exec(url.pathname)?.[1];
  const name = url?.searchParams.get("name");
  return store && name ? { store, name, path: url.pathname + url.search } : null;
}

/** @param {string} text */
function parsed(text) {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
