"""Which pieces of an outfit are still its wearer's to see: what was on a shelf of somebody else may have been taken back."""

from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from wardrobe.models import ShelfPiece

Piece = TypeVar("Piece", bound=models.Model)


class ShownManager(models.Manager[Piece]):
    """Rows whose garment belongs to the wearer of the outfit, or lies on a shelf that is shared with them now.

    What is shared once more is shown once more: nothing is deleted. `outfit`, of a subclass, names the row that has the
    wearer.
    """

    outfit: str

    def get_queryset(self) -> models.QuerySet[Piece]:
        """A copy: Django asks for one for each outfit whose pieces it fetches, and composing it takes a millisecond."""
        return compose_shown(self.model, self.outfit).using(self._db)


@cache
def compose_shown(model: type[models.Model], outfit: str) -> models.QuerySet[Any]:
    wearer = f"{outfit}__owner"
    shared: Any = ShelfPiece.objects.filter(
        garment=OuterRef("garment"), shelf__shares__member__user=OuterRef(wearer)
    )
    rows: models.QuerySet[Any] = models.QuerySet(model)
    return rows.filter(Q(garment__owner=F(wearer)) | Exists(shared))
