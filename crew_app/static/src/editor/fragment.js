/** A part of a page of the server. */

/**
 * @param {string} url
 * @param {string} selector
 * @param {URLSearchParams} [body] posts this
 * @returns {Promise<Element | null>} ready to be put into this page
 */
export async function part(url, selector, body) {
  const response = await fetch(url, {
    method: body ? "POST" : "GET",
    body,
    headers: { "HX-Request": "true" },
    credentials: "same-origin",
    redirect: "error",
  });
  if (!response.ok) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = page.querySelector(selector);
  return found && document.adoptNode(found);
}
