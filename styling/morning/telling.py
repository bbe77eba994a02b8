"""Telling a wearer: to their browsers, and by mail where no browser takes it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.days import say_day
from accounts.languages.speaking import speaking
from accounts.models import NotificationChoices, User
from accounts.outside.mail import send_letter
from accounts.push.sending import push
from styling.models import Plan, Suggestion
from styling.morning.due import NEAR, WASH_EVERY, claim_morning, list_untold
from styling.morning.links import make_wear_link
from styling.morning.outfits import ask_for_today, find_today
from styling.services.pictures import list_garments
from styling.services.plans import check_plan
from styling.stylist.saying import in_sentence, say_stored_sky
from wardrobe import vocabulary
from wardrobe.models import Care
from wardrobe.services.garments import call
from wardrobe.services.intervals import list_due

TURNS = {
    Plan.Turned.COLDER: gettext_lazy("It turned colder than it was planned for."),
    Plan.Turned.WARMER: gettext_lazy("It turned warmer than it was planned for."),
    Plan.Turned.WETTER: gettext_lazy("Rain came in, and it would not keep it off."),
}
MOST_LETTERS = 400


@dataclass(frozen=True)
class Message:
    """What is said, and where a tap leads. `wear` is the link of one tap, where the outfit is not chosen yet."""

    title: str
    body: str
    path: str
    wear: str = ""
    again: str = ""
    tag: str = "morning"

    def as_push(self) -> dict[str, Any]:
        """`tag`: a newer one takes the place of an older one."""
        told = {"title": self.title, "body": self.body[:MOST_LETTERS], "url": self.path}
        return told | {"wear": self.wear, "again": self.again, "tag": self.tag}


def tell(user: User, message: Message) -> bool:
    """Whether somebody took it."""
    if push(user, message.as_push()):
        return True
    return send_letter(
        user.email,
        "styling/mail/notification.txt",
        subject=message.title,
        message=message,
        choices=reverse("styling:notifications"),
    )


def tell_morning(key: int, day: date) -> bool:
    """What the wearer wants to know of this morning; False where that is nothing, was told, or nobody took it."""
    began, choices = timezone.now(), claim_morning(key, day)
    if choices is None:
        return False
    with speaking(choices.user):
        told = make_morning(choices, day) if choices.morning else None
        wash = make_wash(choices, day) if choices.wash else None
        back = make_back(choices.user, day) if choices.wash else None
        messages = [message for message in (told, wash, back) if message]
        if not messages:
            return False
        body = " ".join(message.body for message in messages)
        is_taken = tell(choices.user, replace(messages[0], body=body))
    if not is_taken:
        keep_for_later(choices, day, began)
    return is_taken


def keep_for_later(choices: NotificationChoices, day: date, began: datetime) -> None:
    """What this morning would have told once and nobody took: reminders come with the next one, a sky that turned as
    soon as one is told of those (`choices` are as they were before)."""
    user = choices.user
    NotificationChoices.objects.filter(pk=choices.pk).update(wash_told_on=choices.wash_told_on)
    Care.objects.for_owner(user).filter(told_on=day).update(told_on=None)
    Plan.objects.filter(owner=user, suggestion__event__date=day, told_at__gte=began).update(
        told_at=None
    )


def make_morning(choices: NotificationChoices, day: date) -> Message | None:
    """The planned outfit as the sky is now, or the stylist's answer; nothing where nothing can be worn."""
    user = choices.user
    planned = find_today(user, day)
    outfit = planned or ask_for_today(user, day)
    if outfit is None:
        return None
    plan = check_plan(outfit) if planned else None
    turn = str(TURNS[Plan.Turned(plan.turned)]) if plan and plan.wants_another else ""
    if turn and plan:
        Plan.objects.filter(pk=plan.pk).update(told_at=timezone.now())
    sky = say_stored_sky(plan.forecast if plan else outfit.weather)
    said = [f"{say_pieces(outfit)}.", sky, turn]
    return Message(
        title=_("Today: %(occasion)s") % {"occasion": say_occasion(outfit)},
        body=" ".join(part for part in said if part),
        path=reverse("styling:outfit-detail", args=[outfit.pk]),
        wear="" if planned else make_wear_link(outfit),
        again=f"{reverse('styling:ask')}?like={outfit.pk}",
    )


def say_pieces(outfit: Suggestion) -> str:
    names = [call(garment) for garment in list_garments(outfit)]
    first, *rest = names
    return ", ".join([first, *(in_sentence(name) for name in rest)])


def say_occasion(outfit: Suggestion) -> str:
    term = vocabulary.terms("event").get(outfit.event.kind)
    return in_sentence(term.said if term else outfit.event.kind.replace("_", " "))


def make_wash(choices: NotificationChoices, day: date) -> Message | None:
    """Once a week at most."""
    if choices.wash_told_on and day - choices.wash_told_on < WASH_EVERY:
        return None
    count = list_due(choices.user).count()
    if not count:
        return None
    NotificationChoices.objects.filter(pk=choices.pk).update(wash_told_on=day)
    body = ngettext(
        "One piece is due for the wash.", "%(count)d pieces are due for the wash.", count
    )
    return Message(
        _("Laundry"), body % {"count": count}, reverse("wardrobe:laundry"), tag="laundry"
    )


def make_back(user: User, day: date) -> Message | None:
    """Pieces that are in repair or lent for longer than was said, each once."""
    overdue = Care.objects.for_owner(user).overdue(day).filter(told_on=None)
    rows = list(overdue.select_related("garment__owner"))
    if not rows:
        return None
    Care.objects.filter(pk__in=[care.pk for care in rows]).update(told_on=day)
    body = ngettext(
        "It should be back by now: %(name)s.", "%(count)d pieces should be back by now.", len(rows)
    )
    told = {"count": len(rows), "name": call(rows[0].garment)}
    path = f"{reverse('wardrobe:laundry')}#away"
    return Message(_("In repair and lent"), body % told, path, tag="away")


def tell_turned(key: int) -> int:
    """Of each plan on which the sky turned, once; answers with how many were told."""
    told = 0
    for plan in list_untold().filter(owner=key).select_related("suggestion__event", "owner"):
        user, outfit = plan.owner, plan.suggestion
        if not user.today <= outfit.event.date <= user.today + NEAR:
            continue
        claimed = Plan.objects.filter(pk=plan.pk, told_at=None).update(told_at=timezone.now())
        if claimed:
            with speaking(user):
                told += tell(user, make_turned(plan))
    return told


def make_turned(plan: Plan) -> Message:
    outfit, today = plan.suggestion, plan.owner.today
    day = outfit.event.date
    name = capfirst(say_day(day, today=today, format="l"))
    said = [
        str(TURNS[Plan.Turned(plan.turned)]),
        say_stored_sky(plan.forecast),
        _("Another outfit would do better."),
    ]
    return Message(
        title=_("%(day)s: %(occasion)s") % {"day": name, "occasion": say_occasion(outfit)},
        body=" ".join(filter(None, said)),
        path=reverse("styling:day", args=[day.isoformat()]),
        tag=f"sky-{outfit.pk}",
    )


def make_test() -> Message:
    """What the settings send when asked for one."""
    return Message(
        "Dresscode",
        _("This is how it will tell you."),
        reverse("styling:notifications"),
        tag="test",
    )
