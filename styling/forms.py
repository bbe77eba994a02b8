import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import read_key
from accounts.models import User
from accounts.text.fields import TypedField
from styling.models import Event, Profile
from styling.services.hours import find_hours, next_half_hour, propose_hours, read_own_hours
from styling.services.looks import MOST_PIECES, lay_down
from styling.services.profiles import get_profile
from styling.services.requests import EventRequest, StatedWeather
from styling.weather.kinds import say_kind
from styling.weather.model import RAINS, TEMPERATURES
from styling.weather.places import Place, find_meant, search_places
from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.services.garments import call

OTHER_DAY = "other"
MOST_LEFT_OUT = 30
FARTHEST = timedelta(days=366)
DAYS_SHOWN = 4


def time_input() -> forms.TimeInput:
    return forms.TimeInput({"type": "time", "class": "input num"}, format="%H:%M")


def choose_place(text: str, profile: Profile) -> Place | None:
    """The place that was typed or picked, or by far the largest that goes by the name; the wearer's home as it is stored.

    Raises ValidationError with the places it could be as `params["places"]`.
    """
    if not text:
        return None
    if text == profile.place and profile.latitude is not None and profile.longitude is not None:
        return Place(text, profile.latitude, profile.longitude, profile.time_zone, "")
    found = search_places(text)
    exact = [place for place in found if place.label == text]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise ValidationError(_("We know no place of that name. Try a larger one nearby."))
    if meant := find_meant(text):
        return meant
    raise ValidationError(_("Which one?"), params={"places": [place.label for place in found[:5]]})


MOODS = {
    "comfortable": gettext_lazy("Comfortable"),
    "dressier": gettext_lazy("Dressier"),
    "simpler": gettext_lazy("Simpler"),
    "warmer": gettext_lazy("Warmer"),
    "lighter": gettext_lazy("Lighter"),
}
"""Moods in words that a note is read for, and how they are shown."""


class EventTimeForm(forms.Form):
    """When and where, in the place's own time. What the weather depends on."""

    day = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("That day is over. Choose another one.")},
    )
    place = TypedField(label=gettext_lazy("Where"), required=False, max_length=120)
    starts_at = forms.TimeField(label=gettext_lazy("From"), widget=time_input())
    ends_at = forms.TimeField(label=gettext_lazy("To"), widget=time_input())
    date = forms.DateField(
        label=gettext_lazy("Another day"),
        required=False,
        widget=forms.DateInput({"type": "date", "class": "input num"}, format="%Y-%m-%d"),
    )
    place_choice = forms.CharField(required=False, max_length=120)
    temperature = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    rain = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner
        self.profile = get_profile(owner)
        self.today = owner.today
        self.possible_places: list[str] = []
        self.choices("day", self.day_choices())
        self.choices("temperature", [(name, say_kind(name)) for name in TEMPERATURES])
        self.choices("rain", [(name, say_kind(name)) for name in RAINS])

    def choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 narrows the type
        field.choices = choices

    def day_choices(self) -> list[tuple[str, str]]:
        days = [self.today + timedelta(days=ahead) for ahead in range(DAYS_SHOWN)]
        names = [_("Today"), _("Tomorrow"), *(date_format(day, "D j M") for day in days[2:])]
        return [
            *((day.isoformat(), name) for day, name in zip(days, names, strict=True)),
            (OTHER_DAY, _("Another day")),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.settle_place(data)
        self.settle_day(data)
        if data.get("starts_at") and data.get("starts_at") == data.get("ends_at"):
            self.add_error("ends_at", _("It ends when it begins."))
        return data

    def settle_day(self, data: dict[str, Any]) -> None:
        """A picked chip counts before the date field, which only "Another day" and no chip use."""
        if data.get("day") and data["day"] != OTHER_DAY:
            data["date"] = date.fromisoformat(data["day"]) + self.find_drift(data.get("place"))
        day = data.get("date")
        if "date" in self.errors:
            return
        if day is None:
            self.add_error("date", _("Which day?"))
        elif day < self.today - timedelta(days=1):
            self.add_error("date", _("That day is over."))
        elif day > self.today + FARTHEST:
            self.add_error("date", _("That is more than a year away."))

    def find_drift(self, place: Place | str | None) -> timedelta:
        """Who has not told where they are means the place's today, which may be another one than ours."""
        if self.owner.time_zone or not isinstance(place, Place):
            return timedelta()
        return timezone.localdate(timezone=ZoneInfo(place.time_zone)) - self.today

    def settle_place(self, data: dict[str, Any]) -> None:
        try:
            text = data.get("place_choice") or data.get("place") or ""
            data["place"] = choose_place(text.strip(), self.profile)
        except ValidationError as error:
            self.possible_places = (error.params or {}).get("places", [])
            self.add_error("place", error)

    @property
    def event(self) -> EventRequest:
        data = self.cleaned_data
        return EventRequest(
            kind=data.get("kind", ""),
            date=data["date"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            place=data["place"],
            note=data.get("note", ""),
        )

    @property
    def stated_weather(self) -> StatedWeather | None:
        """The wearer's word; who only names the temperature expects no rain."""
        if not self.cleaned_data.get("temperature"):
            return None
        return StatedWeather(
            self.cleaned_data["temperature"], self.cleaned_data.get("rain") or "dry"
        )


class PiecesField(forms.ModelMultipleChoiceField[Garment]):
    """Garments that can be worn now, and none that is nobody's: what is no key at all reads the same."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("A piece that you chose cannot be worn now. Choose again.")
    }

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, queryset=Garment.objects.none(), required=False)

    def clean(self, value: Any) -> Any:
        if any(read_key(str(key)) is None for key in value or ()):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class AskForm(EventTimeForm):
    request_key = forms.UUIDField(widget=forms.HiddenInput)
    proposed = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("To what?"), widget=forms.RadioSelect)
    start_from = forms.ModelChoiceField(
        label=gettext_lazy("Start from"), queryset=Garment.objects.none(), required=False
    )
    keep = PiecesField(gettext_lazy("With"))
    without = PiecesField(gettext_lazy("Without"))
    note = TypedField(
        label=gettext_lazy("Anything else it should know (optional)"),
        required=False,
        max_length=300,
        widget=forms.Textarea(
            {
                "class": "input",
                "rows": 2,
                "placeholder": gettext_lazy("I cycle there. A client is visiting."),
            }
        ),
    )

    borrowed = forms.BooleanField(
        label=gettext_lazy("With the household’s pieces"), required=False, initial=True
    )
    asks_borrowed = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)
    """Where the page shows the switch: one that is not shown is not off."""

    field_order = ("request_key", "kind")

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, owner=owner, **kwargs)
        self.choices("kind", vocabulary.choices("event"))
        for name in ("start_from", "keep", "without"):
            pieces = self.fields[name]
            assert isinstance(pieces, forms.ModelChoiceField)  # noqa: S101 narrows the type
            pieces.queryset = Garment.objects.worn_by(owner).ready_for(owner)

    @property
    def own_only(self) -> bool:
        """Whether this question is to be answered without what others let them wear."""
        return bool(self.cleaned_data["asks_borrowed"]) and not self.cleaned_data["borrowed"]

    @property
    def usual_hours(self) -> str:
        """The hours of each occasion, on weekdays and at weekends, for the script; none where they were chosen."""
        if self.is_bound or not self.initial.get("proposed"):
            return ""
        own = read_own_hours(self.owner)
        return json.dumps(
            {
                kind: [
                    find_hours(kind, weekend=weekend, own=own).say() for weekend in (False, True)
                ]
                for kind in vocabulary.values("event")
            }
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.settle_hours(data)
        self.settle_pieces(list(data.get("keep", ())), list(data.get("without", ())))
        return data

    def settle_pieces(self, keep: list[Garment], without: list[Garment]) -> None:
        """What is asked for has to be wearable together, and no piece be asked for and left out."""
        if len(keep) > MOST_PIECES or len(without) > MOST_LEFT_OUT:
            words = _("Choose at most %(with)s pieces to wear, and %(without)s to leave out.")
            self.add_error("keep", words % {"with": MOST_PIECES, "without": MOST_LEFT_OUT})
            return
        if both := [piece for piece in keep if piece in without]:
            words = _("With it or without it: %(name)s?")
            self.add_error("keep", words % {"name": call(both[0])})
            return
        laid: list[Garment] = []
        for piece in keep:
            before, laid = laid, lay_down(laid, piece)
            if gone := [one for one in before if one not in laid]:
                words = _("%(one)s and %(other)s cannot be worn together. Choose one.")
                self.add_error("keep", words % {"one": call(gone[0]), "other": call(piece)})
                return

    def settle_hours(self, data: dict[str, Any]) -> None:
        """Hours that were left as they were proposed follow another occasion or day: the script sees to it, and
        where there is none, we do."""
        kind, day = data.get("kind"), data.get("date")
        if not kind or not day or not data.get("proposed") or self.errors:
            return
        left = say_proposal(kind, day, [f"{data[key]:%H:%M}" for key in ("starts_at", "ends_at")])
        hours = data["proposed"].split()[2:]
        if left.split()[2:] == hours and left != data["proposed"]:
            now = timezone.localtime(timezone=self.owner.zone)
            found = propose_hours(kind, day, now=now, own=read_own_hours(self.owner))
            data["starts_at"], data["ends_at"] = found.starts_at, found.ends_at

    @classmethod
    def fresh(
        cls,
        *,
        owner: User,
        like: Event | None = None,
        day: date | None = None,
        start_from: str = "",
        keep: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> "AskForm":
        """A form for now, for another day, or for the same as an earlier event."""
        profile = get_profile(owner)
        now = timezone.localtime(timezone=owner.zone)
        day = like.date if like else day or next_half_hour(now).date()
        kind = like.kind if like else next(iter(vocabulary.values("event")), "")
        hours = propose_hours(kind, day, now=now, own=read_own_hours(owner))
        initial = {
            "request_key": uuid4(),
            "proposed": "" if like else say_proposal(kind, day, hours.say()),
            "kind": kind,
            "day": day.isoformat(),
            "date": day,
            "starts_at": like.starts_at if like else hours.starts_at,
            "ends_at": like.ends_at if like else hours.ends_at,
            "place": like.place if like else profile.place,
            "note": like.note if like else "",
            "start_from": start_from,
            "keep": [*keep],
            "without": [*without],
            "borrowed": True,
        }
        form = cls(owner=owner, initial=initial)
        if initial["day"] not in dict(form.day_choices()):
            form.initial["day"] = OTHER_DAY
        return form

    @classmethod
    def resume(cls, data: QueryDict, *, owner: User) -> "AskForm":
        """As far as it was filled in, and not judged yet."""
        initial: dict[str, Any] = {name: data.get(name, "") for name in cls.base_fields}
        return cls(owner=owner, initial=initial | read_pieces(data))

    @property
    def pieces(self) -> dict[str, list[str]]:
        """The keys that are asked for and left out, as they stand in the form."""
        return {
            name: [str(key) for key in self[name].value() or ()] for name in ("keep", "without")
        }

    @classmethod
    def usual(cls, *, owner: User, note: str = "", key: str = "") -> "AskForm":
        """The question that needs no choice: today, at the usual hours, at home."""
        fresh = cls.fresh(owner=owner)
        data = {name: "" if value is None else str(value) for name, value in fresh.initial.items()}
        data |= {name: f"{fresh.initial[name]:%H:%M}" for name in ("starts_at", "ends_at")}
        data |= {
            "keep": "",
            "without": "",
            "note": note[:300],
            "request_key": key or data["request_key"],
        }
        return cls(data, owner=owner)

    def say(self) -> str:
        """What it assumes, such as "Casual, 10:00 to 18:00, Porto, Portugal"."""
        kind = dict(vocabulary.choices("event")).get(self.data["kind"], "")
        hours = _("%(start)s to %(end)s") % {
            "start": self.data["starts_at"],
            "end": self.data["ends_at"],
        }
        return ", ".join(filter(None, [kind, hours, self.data["place"]]))


def read_pieces(data: QueryDict) -> dict[str, list[str]]:
    """The keys of garments to wear and to leave out, as many as are allowed and one more."""
    return {
        "keep": data.getlist("keep")[: MOST_PIECES + 1],
        "without": data.getlist("without")[: MOST_LEFT_OUT + 1],
    }


def say_proposal(kind: str, day: date, hours: list[str]) -> str:
    return " ".join([kind, day.isoformat(), *hours])
