"""E-mail by the hospital's own mail server, named in the settings. The only module that knows SMTP."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from crew_app.notifications.outcome import SENT, Came, Outcome

PATIENCE = 10
_PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail; the same `name` makes the same Message-ID, by which mail programs know a second copy."""

    name: str
    to: str
    subject: str
    text: str


def send(letter: Letter, server: str, sender: str) -> Outcome:
    """Hand it to the mail server; what comes of it."""
    try:
        with _connected(server) as smtp:
            smtp.send_message(_message(letter, sender))
    except smtplib.SMTPResponseException as error:
        came = Came.NEVER if error.smtp_code in _PERMANENT else Came.LATER
        return Outcome(came, f"the mail server answered {error.smtp_code}")
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _text in error.recipients.values()}
        came = Came.NEVER if codes <= set(_PERMANENT) else Came.LATER
        return Outcome(came, f"the mail server answered {min(codes)}")
    except ValueError:
        return Outcome(Came.NEVER, "the address cannot be written into an e-mail")
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Came.LATER, type(error).__name__)
    return SENT


def _connected(server: str) -> smtplib.SMTP:
    """`smtp://` speaks TLS when the server offers it, `smtp+tls://` insists on it, `smtps://` begins with it."""
    parts = urlsplit(server)
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE, context=context)
    else:
        smtp = smtplib.SMTP(host, parts.port or 587, timeout=PATIENCE)
        smtp.ehlo()
        if parts.scheme == "smtp+tls" or smtp.has_extn("starttls"):
            smtp.starttls(context=context)
    if parts.username:
        smtp.login(unquote(parts.username), unquote(parts.password or ""))
    return smtp


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{letter.name}@{sender.rpartition('@')[2].rstrip('>') or 'crew'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
