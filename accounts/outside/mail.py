"""Mails of plain text to people. One that cannot be sent is said in the log, without its address, and breaks nothing."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

UNCONFIGURED = ("console", "dummy")


def can_send() -> bool:
    """Whether mails reach anybody: without a mail server they land in the log."""
    return settings.EMAIL_BACKEND.split(".")[-2] not in UNCONFIGURED


def send(address: str, template: str, *, subject: str, **context: object) -> bool:
    """`template` is the text, which knows `site_url`; False where it did not go."""
    body = render_to_string(template, {"site_url": settings.SITE_URL, **context})
    try:
        EmailMessage(subject=subject, body=body, to=[address]).send()
    except (OSError, SMTPException) as error:  # Whose text may hold the address.
        logger.warning("a mail could not be sent: %s", type(error).__name__)
        return False
    return True


def send_letter(address: str, template: str, *, subject: str, **context: object) -> bool:
    """As `send`, for what says something of a person: never into the log."""
    return can_send() and send(address, template, subject=subject, **context)
