"""A wearer leaves: what is deleted, and what they are told of the versions that know what they corrected."""

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import CASCADE, ProtectedError
from django.db.models.deletion import Collector
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from feedback.lineage.outcomes import READS
from feedback.lineage.passages import Role
from feedback.lineage.reading import find_live_since
from feedback.lineage.roads import list_versions_knowing
from feedback.models import Correction
from feedback.training.lineage import trace_owner
from registry.models import PromptVersion
from registry.services.examples import forget_examples_of
from styling.models import Suggestion
from wardrobe.models import Garment, Photo, Wear
from wardrobe.services.photos import delete_photo

KNOWN_BY = {
    frozenset({Role.LEARNED}): (
        gettext_lazy("v%(number)s of %(what)s learned from it. It is in use until the next one."),
        gettext_lazy("v%(number)s of %(what)s learned from it. It is not in use."),
    ),
    frozenset({Role.JUDGED}): (
        gettext_lazy(
            "v%(number)s of %(what)s was checked against it. It is in use until the next one."
        ),
        gettext_lazy("v%(number)s of %(what)s was checked against it. It is not in use."),
    ),
    frozenset({Role.LEARNED, Role.JUDGED}): (
        gettext_lazy(
            "v%(number)s of %(what)s learned from it and was checked against it. "
            "It is in use until the next one."
        ),
        gettext_lazy(
            "v%(number)s of %(what)s learned from it and was checked against it. It is not in use."
        ),
    ),
}
"""What a version that is in use, and one that is not, has of corrections."""


class OperatorStaysError(PermissionError):
    """What an operator released and reviewed names them: another operator takes their rights away instead."""


@dataclass(frozen=True)
class Receipt:
    """What went with an account, as "12 photos", which versions know something of it, and the SHA-256 of each
    artefact that learned from it."""

    belongings: list[str]
    knowing: list[str]
    artefacts: list[str]


def describe_knowing(owner: User) -> list[str]:
    """A sentence for each version that knows what a wearer corrected."""
    return [
        describe_version(version, roles) for version, roles in list_versions_knowing(owner).items()
    ]


def describe_version(version: PromptVersion, roles: set[Role]) -> str:
    told = {
        "number": version.number,
        "what": READS.get(version.prompt.name, version.prompt.name),
    }
    in_use, unused = KNOWN_BY[frozenset(roles)]
    return str(in_use if find_live_since(version) else unused) % told


@transaction.atomic
def delete_account(user: User) -> Receipt:
    """Delete all that is a wearer's: rows, files, and examples that wait. Raises OperatorStaysError.

    Published examples are marked: the next set is without them, and then their copies go. Of somebody who was an
    operator once, and whose decisions name them, the account's row stays without anything that says who it was.
    """
    if user.is_staff:
        raise OperatorStaysError
    artefacts = [artefact.sha256 for artefact in trace_owner(user).artefacts]
    receipt = Receipt(list_belongings(user), describe_knowing(user), artefacts)
    forget_examples_of(user)
    for photo in Photo.objects.for_owner(user):
        delete_photo(photo)
    try:
        with transaction.atomic():
            user.delete()
    except ProtectedError:
        strip_account(user)
    return receipt


def strip_account(user: User) -> None:
    """Delete whatever would go with an account's row; the row itself names nobody any more, and opens to nobody.

    All at once, and whoever listens is told that it is the account that goes.
    """
    collector = Collector(using=DEFAULT_DB_ALIAS, origin=user)
    for relation in User._meta.related_objects:
        if getattr(relation, "on_delete", None) is CASCADE:
            collector.collect(
                relation.related_model._base_manager.filter(**{relation.field.name: user})
            )
    collector.delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.email, user.first_name, user.last_name = f"{user.pk}@deleted.invalid", "", ""
    user.time_zone, user.last_login, user.is_active = "", None, False
    user.set_unusable_password()
    user.save()


def list_belongings(user: User) -> list[str]:
    """How much there is of each kind."""
    photos = Photo.objects.for_owner(user).count()
    garments = Garment.objects.for_owner(user).count()
    outfits = Suggestion.objects.for_owner(user).count()
    wears = Wear.objects.for_owner(user).count()
    corrections = Correction.objects.filter(owner=user).count()
    return [
        ngettext("%(n)s photo", "%(n)s photos", photos) % {"n": photos},
        ngettext("%(n)s garment", "%(n)s garments", garments) % {"n": garments},
        ngettext("%(n)s outfit", "%(n)s outfits", outfits) % {"n": outfits},
        ngettext("%(n)s wear", "%(n)s wears", wears) % {"n": wears},
        ngettext("%(n)s correction", "%(n)s corrections", corrections) % {"n": corrections},
    ]
