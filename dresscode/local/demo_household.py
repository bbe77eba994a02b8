"""The demo wearer's household: a housemate with a shelf, something on loan, something asked for, an outfit spoken of."""

from django.conf import settings
from django.db import transaction

from accounts.models import User
from dresscode.local.demo_diary import find_last_worn
from feedback.services import household as opinions
from wardrobe.household.loans import ask_for, lend
from wardrobe.household.members import find_member, found_household
from wardrobe.household.shelves import WEAR, make_shelf, put_on_shelf, share_shelf
from wardrobe.models import Garment, GarmentQuerySet, Member, Shelf
from wardrobe.services.care import AllAwayError

HOUSEMATE = "ines@example.com"
LENT_OUT = "Rust knit beanie"
ASKED_FOR = "Grey plaid scarf"
BORROWED = "Green cardigan"


def make_housemate() -> User:
    known = User.objects.filter(email=HOUSEMATE).first()
    return known or User.objects.create_user(
        HOUSEMATE, settings.DEMO_PASSWORD, first_name="Inês", last_name="Costa"
    )


@transaction.atomic
def share_household(wearer: User, housemate: User) -> None:
    """Once. The wearer may wear what the housemate shares; whether her answers use it is hers to say."""
    if find_member(wearer) or find_member(housemate):
        return
    mine = found_household(wearer, name="Rua das Flores", called=wearer.first_name)
    theirs = Member.objects.create(
        user=housemate, household=mine.household, name=housemate.first_name
    )
    Member.objects.filter(pk=theirs.pk).update(asks_first=False)
    of_housemate = fill_shelf(housemate, "Coats and more", Garment.objects.for_owner(housemate))
    share_shelf(of_housemate, {mine: WEAR})
    named = Garment.objects.for_owner(wearer).filter(name__in=[LENT_OUT, ASKED_FOR])
    share_shelf(fill_shelf(wearer, "By the door", named), {theirs: WEAR})
    move_pieces(mine, theirs)
    speak_of_an_outfit(wearer, housemate)


def fill_shelf(owner: User, name: str, garments: GarmentQuerySet) -> Shelf:
    shelf = make_shelf(owner, name=name)
    put_on_shelf(shelf, list(garments))
    return shelf


def move_pieces(mine: Member, theirs: Member) -> None:
    """As far as the pieces are at home."""
    for name, to in ((LENT_OUT, theirs), (BORROWED, mine)):
        for garment in Garment.objects.filter(name=name, shelf_pieces__isnull=False).exclude(
            owner=to.user
        ):
            try:
                lend(garment, to=to)
            except AllAwayError:
                continue
    for garment in Garment.objects.for_owner(mine.user).filter(name=ASKED_FOR):
        ask_for(garment, theirs)


def speak_of_an_outfit(wearer: User, housemate: User) -> None:
    """What she wore last."""
    if last := find_last_worn(wearer):
        shown = opinions.show_outfit(last)
        opinions.say(shown, housemate, verdict="good", words="The colours! Wear that again.")
