"""Letters to wearers, where the site can send any."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

UNCONFIGURED = ("console", "dummy")


def can_send() -> bool:
    """Whether letters reach anybody: without a mail server they would land in the log."""
    return settings.EMAIL_BACKEND.split(".")[-2] not in UNCONFIGURED


def send_letter(address: str, template: str, *, subject: str, **context: object) -> bool:
    """A letter of plain text; False where it did not go, which the log says without its address."""
    if not can_send():
        return False
    body = render_to_string(template, {"site_url": settings.SITE_URL, **context})
    try:
        EmailMessage(subject=subject, body=body, to=[address]).send()
    except (OSError, SMTPException) as error:
        logger.warning("a letter did not go: %s", type(error).__name__)
        return False
    return True
