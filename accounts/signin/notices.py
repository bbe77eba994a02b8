"""Mails to somebody about signing in."""

from django.template.loader import render_to_string

from accounts.models import User
from accounts.outside import mail


def send(user: User, template: str, **context: object) -> bool:
    """The mail of `TEMPLATE_subject.txt` and `TEMPLATE_email.txt`. False where it cannot be sent."""
    told = {"user": user, **context}
    subject = render_to_string(f"{template}_subject.txt", told).strip()
    return mail.send(user.email, f"{template}_email.txt", subject=subject, **told)


def tell_change(user: User, what: str) -> bool:
    """`what` was changed, in a sentence: whoever did not do it learns of it."""
    return send(user, "registration/changed", what=what)
