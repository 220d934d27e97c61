"""A Chromium that notices: code that ran, code that was refused, and places in a page where code could stand."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, Request

LISTEN = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (one) => {
  window.__violations.push(one.violatedDirective + ' ' + one.blockedURI + ' ' + (one.sample || ''));
  window.__note('violation', location.pathname + ' ' + one.violatedDirective + ' ' + one.blockedURI);
});
"""
LOOK = """
() => {
  const found = [];
  for (const one of document.querySelectorAll('*')) {
    for (const { name, value } of one.attributes) {
      if (/^(on|hx-on)/i.test(name)) found.push(one.tagName + ' ' + name);
      const leads = /^(href|src|action|formaction|data|xlink:href)$/i.test(name);
      if (leads && /^[\\s\\0]*(javascript|vbscript|data:text)/i.test(value))
        found.push(one.tagName + ' ' + name + ' ' + value.slice(0, 40));
    }
    if (/^(base|object|embed|iframe|applet|math|mglyph)$/i.test(one.tagName)) found.push(one.tagName);
    if (one.tagName === 'SCRIPT' && !one.src && one.type !== 'application/json')
      found.push('SCRIPT ' + one.textContent.slice(0, 40));
    if (one.tagName === 'META' && one.httpEquiv) found.push('META ' + one.httpEquiv);
    if (one.tagName === 'LINK' && one.href && new URL(one.href).origin !== location.origin)
      found.push('LINK ' + one.href);
  }
  return found;
}
"""


@dataclass
class Seen:
    """What a browser noticed."""

    pages: int = 0
    fired: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    """Requests to other hosts."""

    def note(self, where: list[str], words: str) -> None:
        """Write something down, unless it is what a browser says that was told to have no service worker."""
        if "property 'waiting'" not in words:
            where.append(words)

    @property
    def findings(self) -> int:
        """How much of it must not be."""
        return sum(map(len, (self.fired, self.places, self.violations, self.errors, self.strangers)))


@contextmanager
def watched(
    browser: Browser, url: str, *, bypass: bool, cookies: Iterable[dict[str, str]] = ()
) -> Iterator[tuple[Page, Seen]]:
    """A page in a browser of its own; with `bypass` the policy holds nothing back, so that what is there fires."""
    seen = Seen()
    context = browser.new_context(base_url=url, bypass_csp=bypass, service_workers="block", locale="en-GB")
    for cookie in cookies:
        context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": url}])
    context.expose_binding("__xss", lambda source, number=0: seen.note(seen.fired, f"{source['page'].url} {number}"))
    context.expose_binding("__note", lambda _source, _kind, words: seen.note(seen.violations, words))
    context.add_init_script(LISTEN)
    page = context.new_page()
    _listen(page, seen, url)
    try:
        yield page, seen
    finally:
        context.close()


def _listen(page: Page, seen: Seen, url: str) -> None:
    def dialog(one: Dialog) -> None:
        seen.note(seen.fired, f"{page.url} dialog")
        one.dismiss()

    def console(one: ConsoleMessage) -> None:
        if one.type == "error" and "Failed to load resource" not in one.text:  # a 404 that was asked for
            seen.note(seen.errors, f"{page.url} {one.text[:200]}")

    def request(one: Request) -> None:
        if not one.url.startswith((url, "data:", "blob:")):
            seen.note(seen.strangers, one.url)

    page.on("dialog", dialog)
    page.on("console", console)
    page.on("pageerror", lambda error: seen.note(seen.errors, f"{page.url} {error}"))
    page.on("request", request)


def visit(page: Page, seen: Seen, paths: Iterable[str]) -> None:
    """Open pages one after the other and look at each."""
    for path in paths:
        try:
            response = page.goto(path, wait_until="load")
        except Error as error:
            if "Download is starting" in error.message or "ERR_ABORTED" in error.message:
                continue
            raise
        seen.pages += 1
        if response and "html" in response.headers.get("content-type", ""):
            seen.places += [f"{path} {one}" for one in page.evaluate(LOOK)]
