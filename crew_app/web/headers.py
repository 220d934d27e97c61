"""Security headers on every answer."""

from flask import Flask, Response, g

from crew_app.web.people import person_or_none

POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
CSP = "; ".join(f"{name} {sources}" for name, sources in POLICY.items())
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


HTTPS_ONLY = "max-age=31536000; includeSubDomains"


def start(app: Flask) -> None:
    """Add the headers after every request."""
    app.after_request(_secure)
    if (app.config["SETTINGS"].public_url or "").startswith("https://"):
        app.after_request(_https_only)


def _https_only(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = HTTPS_ONLY
    return response


def _secure(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.vary.update(("HX-Request", "Cookie", "Accept-Language"))
        person = person_or_none()
        response.headers["Crew-Person"] = str(person.id) if person else ""
        if g.get("shows_once"):
            response.headers["Crew-Once"] = "1"
    return response
