"""What the database holds of an account, and taking it out: rows, and words in rows that stay."""

from typing import Any
from uuid import UUID

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.languages.speaking import language_of
from accounts.models import PushSubscription, User
from accounts.spelling import spell_email
from dresscode.own_data.erasure.scheduling import end_sessions
from dresscode.own_data.models import Transfer
from feedback.leaving import delete_account
from feedback.models import (
    Correction,
    FewShotExample,
    GarmentSignal,
    HouseholdOpinion,
    Rating,
)
from feedback.training.lineage import trace_owner
from registry.models import CallRequest, CollectedExample, InferenceCall
from registry.services.examples import forget_examples_of
from registry.services.forgetting import blank_examples, forget_calls
from styling.models import Event, Subscription, Suggestion
from wardrobe.household.members import let_go
from wardrobe.models import (
    Care,
    Garment,
    Photo,
    PhotoEmbedding,
    PhotoFeatures,
    Shelf,
    UploadEvent,
    Wear,
)
from wardrobe.services.wears import derive_counts

Counts = list[list[Any]]
DELETED = "a deleted account"
AT_ONCE = 1_000


def delete_rows(user: User) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Everything in one transaction. Answers with the receipt so far, and the keys by which the rest is found.

    Raises OperatorStaysError.
    """
    with transaction.atomic():
        left = list_left(user)
        marked = mark_examples(user)
        counts = count_rows(user)
        calls = find_calls(user)
        counts.append([gettext_noop("calls of which the words were removed"), forget_calls(calls)])
        forget_sign_ins(user)
        counts.append([gettext_noop("sessions"), end_sessions(user.pk)])
        sets = [str(one) for one in trace_owner(user).sets]
        told_of = gettext_noop("answers of others that had a piece of theirs")
        counts.append([told_of, forget_borrowed(user)])
        worn = {
            *Wear.objects.for_owner(user)
            .exclude(garment__owner=user)
            .values_list("garment", flat=True)
        }
        let_go(user)
        told = delete_account(user)
        count_anew(worn)
    receipt = {
        "language": language_of(user),
        "belongings": told.belongings,
        "knowing": told.knowing,
        "artefacts": told.artefacts,
        "counts": counts,
        "marked": {**marked, "training_sets": sets},
        "row_stays": User.objects.filter(pk=user.pk).exists() if user.pk else False,
    }
    return receipt, left


def list_left(user: User) -> dict[str, list[str]]:
    """Keys of what Redis may hold something of."""
    photos = Photo.objects.for_owner(user).values_list("pk", flat=True)
    suggestions = Suggestion.objects.for_owner(user).values_list("pk", flat=True)
    transfers = Transfer.objects.for_owner(user).values_list("pk", flat=True)
    return {
        "jobs": [str(pk) for pk in (*photos, *transfers)],
        "streams": [str(pk) for pk in suggestions],
        "emails": [spell_email(user.email).casefold()],
    }


def count_rows(user: User) -> Counts:
    """Besides the belongings that the wearer knows of: what was made of them."""
    kinds = (
        (gettext_noop("ratings"), Rating.objects.filter(owner=user)),
        (gettext_noop("events"), Event.objects.filter(owner=user)),
        (gettext_noop("washes, repairs and loans"), Care.objects.filter(owner=user)),
        (gettext_noop("shelves"), Shelf.objects.for_owner(user)),
        (gettext_noop("opinions of others' outfits"), HouseholdOpinion.objects.filter(rater=user)),
        (gettext_noop("loans from others"), Care.objects.filter(borrower=user)),
        (gettext_noop("calendars that were read"), Subscription.objects.filter(owner=user)),
        (gettext_noop("browsers that were told"), PushSubscription.objects.filter(user=user)),
        (gettext_noop("answers of what photos show"), PhotoFeatures.objects.filter(owner=user)),
        (gettext_noop("vectors"), PhotoEmbedding.objects.filter(owner=user)),
        (gettext_noop("notes of uploads"), UploadEvent.objects.filter(owner=user)),
        (gettext_noop("requests to models"), CallRequest.objects.filter(owner=user)),
        (gettext_noop("exports and imports"), Transfer.objects.for_owner(user)),
    )
    return [[name, rows.count()] for name, rows in kinds]


def mark_examples(user: User) -> dict[str, int]:
    """Golden examples and examples shown to models are left out from now on; the words in them go at once."""
    forget_examples_of(user)
    published = CollectedExample.objects.filter(owner=user).exclude(published_in=None)
    return {
        "golden": blank_examples(published.select_related("dataset__prompt")),
        "few_shot": FewShotExample.objects.filter(owner=user).count(),
    }


def find_calls(user: User) -> list[UUID]:
    """Calls that were made for a wearer, of photos that they deleted before, too."""
    found: set[UUID | None] = set()
    for rows in (CallRequest, PhotoFeatures, Correction, GarmentSignal, Garment, CollectedExample):
        found |= {*rows._default_manager.filter(owner=user).values_list("call_id", flat=True)}
    for kind, owned in (("photo", Photo.objects), ("suggestion", Suggestion.objects)):
        subjects = [f"{kind}:{pk}" for pk in owned.for_owner(user).values_list("pk", flat=True)]
        for start in range(0, len(subjects), AT_ONCE):
            calls = InferenceCall.objects.filter(subject__in=subjects[start : start + AT_ONCE])
            found |= {*calls.values_list("pk", flat=True)}
    return [pk for pk in found if pk]


def forget_borrowed(user: User) -> int:
    """Others' answers name pieces that they were offered of this wearer, and whose: the words go, the outfits stay without
    these pieces. Answers with how many."""
    lent = Garment.objects.for_owner(user).values_list("pk", flat=True)
    told = Suggestion.objects.exclude(owner=user).filter(candidates__overlap=list(lent))
    calls = [pk for pk in told.values_list("call_id", flat=True) if pk]
    forget_calls(calls)
    return told.update(prose="", reasons=[], events=[], swaps=[])


def count_anew(keys: set[UUID]) -> None:
    """Others' pieces that the wearer had worn are due for the wash by their owners' wears alone."""
    garments = Garment.objects.filter(pk__in=keys).select_related("owner")
    for garment in garments:
        derive_counts([garment.pk], today=garment.owner.today)


def forget_sign_ins(user: User) -> None:
    """Failed sign-ins under this email, and what operators' log says of whom they changed."""
    for rows in (AccessAttempt, AccessFailureLog, AccessLog):
        rows.objects.filter(username__iexact=user.email).delete()
    of_account = Q(object_id=str(user.pk), content_type__model__in=["user", "profile"])
    told = LogEntry.objects.filter(of_account | Q(object_repr__icontains=user.email))
    told.update(object_repr=DELETED, change_message="")
