"""Mails to somebody about signing in, in their language."""

from django.template.loader import render_to_string
from django_stubs_ext import StrOrPromise

from accounts.languages.speaking import speaking
from accounts.models import User
from accounts.outside import mail


def send(user: User, template: str, **context: object) -> bool:
    """The mail of `TEMPLATE_subject.txt` and `TEMPLATE_email.txt`. False where it cannot be sent."""
    told = {"user": user, **context}
    with speaking(user):
        subject = render_to_string(f"{template}_subject.txt", told).strip()
        return mail.send(user.email, f"{template}_email.txt", subject=subject, **told)


def tell_change(user: User, what: StrOrPromise) -> bool:
    """`what` was changed, in a sentence that is made when it is said: whoever did not do it learns of it."""
    return send(user, "registration/changed", what=what)
