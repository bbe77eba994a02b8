"""What the demo wearer noted besides outfits: what is in the wash, lent and in repair, and a plan that was called off."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from accounts.models import User
from feedback.services.plans import call_off, copy_plan
from styling.models import Suggestion
from wardrobe.models import Care, Garment
from wardrobe.services.care import put_in_basket, send_away, wash_garment

CALLED_OFF_AHEAD, BACK_IN = timedelta(days=2), timedelta(days=9)
IN_THE_WASH = 2
LENT_TO = "Inês"


@transaction.atomic
def keep_diary(wearer: User) -> None:
    """Once. Of each type of which there are several, so that enough is left to wear."""
    if Care.objects.for_owner(wearer).exists():
        return
    call_off_a_plan(wearer)
    spare = list_spare(wearer)
    for garment in spare[:IN_THE_WASH]:
        put_in_basket(garment)
    if len(spare) > IN_THE_WASH + 2:
        washed, mended, lent = spare[IN_THE_WASH : IN_THE_WASH + 3]
        wash_garment(washed)
        send_away(mended, kind=Care.Kind.REPAIR, until=wearer.today + BACK_IN)
        send_away(lent, kind=Care.Kind.LENT, whom=LENT_TO)


def list_spare(wearer: User) -> list[Garment]:
    """The most worn of each type but the first, in one order."""
    garments = Garment.objects.for_owner(wearer).wearable().select_related("owner")
    seen: set[str] = set()
    spare = []
    for garment in garments.order_by("-wear_count", "created_at", "pk"):
        if garment.type in seen:
            spare.append(garment)
        seen.add(garment.type)
    return spare


def call_off_a_plan(wearer: User) -> None:
    """What she wore last, again in two days; and then not."""
    worn = Suggestion.objects.for_owner(wearer).worn(wearer.today).select_related("event", "owner")
    last = worn.order_by("-event__date").first()
    if last:
        key = uuid5(NAMESPACE_URL, f"demo/called-off/{wearer.pk}")
        call_off(copy_plan(last, day=wearer.today + CALLED_OFF_AHEAD, request_key=key))
