"""Whether a wearer's photos and questions may be used to improve the stylist."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import CONSENT_TEXTS, Consent, User
from registry.services.examples import forget_examples_of


@transaction.atomic
def give_consent(user: User) -> None:
    """To the text of today; said twice it is given once."""
    today = max(CONSENT_TEXTS)
    open_ = Consent.objects.filter(user=user, withdrawn_at=None)
    if open_.filter(text_version=today).exists():
        return
    open_.update(withdrawn_at=timezone.now())
    try:
        with transaction.atomic():
            Consent.objects.create(user=user, text_version=today)
    except IntegrityError:  # Given at the same moment by another request.
        return


@transaction.atomic
def withdraw_consent(user: User) -> None:
    """From now on nothing of theirs is used: drafts are deleted, published examples are marked."""
    Consent.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=timezone.now())
    forget_examples_of(user)
