"""Mails to somebody about signing in. One that cannot be sent is said in the log and breaks nothing."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from accounts.models import User

logger = logging.getLogger(__name__)


def send(user: User, template: str, **context: Any) -> bool:
    """The mail of `TEMPLATE_subject.txt` and `TEMPLATE_email.txt`. False where it cannot be sent."""
    context = {"user": user, "site_url": settings.SITE_URL, **context}
    subject = render_to_string(f"{template}_subject.txt", context).strip()
    try:
        send_mail(subject, render_to_string(f"{template}_email.txt", context), None, [user.email])
    except (OSError, SMTPException) as error:  # Whose text may hold the address.
        logger.warning("a mail about signing in could not be sent: %s", type(error).__name__)
        return False
    return True


def tell_change(user: User, what: str) -> bool:
    """`what` was changed, in a sentence: whoever did not do it learns of it."""
    return send(user, "registration/changed", what=what)
