import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.text.fields import TypedField
from styling.models import Event, Profile
from styling.services.hours import find_hours, next_half_hour, propose_hours, read_own_hours
from styling.services.profiles import get_profile
from styling.services.requests import EventRequest, StatedWeather
from styling.weather.model import RAINS, TEMPERATURES
from styling.weather.places import Place, search_places
from styling.weather.zones import group_zones, spell_zone
from wardrobe import vocabulary
from wardrobe.household.shelves import uses_shelves
from wardrobe.models import Garment
from wardrobe.prices.currencies import list_currencies

OTHER_DAY = "other"
FARTHEST = timedelta(days=366)
DAYS_SHOWN = 4


def time_input() -> forms.TimeInput:
    return forms.TimeInput({"type": "time", "class": "input num"}, format="%H:%M")


def choose_place(text: str, profile: Profile) -> Place | None:
    """The place that was typed or picked; the wearer's home as it is stored.

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
        raise ValidationError("We know no place of that name. Try a larger one nearby.")
    raise ValidationError("Which one?", params={"places": [place.label for place in found[:5]]})


MOODS = ("comfortable", "dressier", "simpler", "warmer", "lighter")
"""Moods in words that a note is read for."""


class EventTimeForm(forms.Form):
    """When and where, in the place's own time. What the weather depends on."""

    day = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "That day is over. Choose another one."},
    )
    place = TypedField(label="Where", required=False, max_length=120)
    starts_at = forms.TimeField(label="From", widget=time_input())
    ends_at = forms.TimeField(label="To", widget=time_input())
    date = forms.DateField(
        label="Another day",
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
        self.choices("temperature", [(name, name.capitalize()) for name in TEMPERATURES])
        self.choices("rain", [(name, name.capitalize()) for name in RAINS])

    def choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 narrows the type
        field.choices = choices

    def day_choices(self) -> list[tuple[str, str]]:
        days = [self.today + timedelta(days=ahead) for ahead in range(DAYS_SHOWN)]
        names = ["Today", "Tomorrow", *(date_format(day, "D j M") for day in days[2:])]
        return [
            *((day.isoformat(), name) for day, name in zip(days, names, strict=True)),
            (OTHER_DAY, "Another day"),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.settle_place(data)
        self.settle_day(data)
        if data.get("starts_at") and data.get("starts_at") == data.get("ends_at"):
            self.add_error("ends_at", "It ends when it begins.")
        return data

    def settle_day(self, data: dict[str, Any]) -> None:
        """A picked chip counts before the date field, which only "Another day" and no chip use."""
        if data.get("day") and data["day"] != OTHER_DAY:
            data["date"] = date.fromisoformat(data["day"]) + self.find_drift(data.get("place"))
        day = data.get("date")
        if "date" in self.errors:
            return
        if day is None:
            self.add_error("date", "Which day?")
        elif day < self.today - timedelta(days=1):
            self.add_error("date", "That day is over.")
        elif day > self.today + FARTHEST:
            self.add_error("date", "That is more than a year away.")

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


class AskForm(EventTimeForm):
    request_key = forms.UUIDField(widget=forms.HiddenInput)
    proposed = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="To what?", widget=forms.RadioSelect)
    start_from = forms.ModelChoiceField(
        label="Start from", queryset=Garment.objects.none(), required=False
    )
    note = TypedField(
        label="Anything else it should know (optional)",
        required=False,
        max_length=300,
        widget=forms.Textarea(
            {"class": "input", "rows": 2, "placeholder": "I cycle there. A client is visiting."}
        ),
    )

    borrowed = forms.BooleanField(
        label=gettext_lazy("With the household’s pieces"), required=False, initial=True
    )

    field_order = ("request_key", "kind")

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, owner=owner, **kwargs)
        self.choices("kind", vocabulary.choices("event"))
        start_from = self.fields["start_from"]
        assert isinstance(start_from, forms.ModelChoiceField)  # noqa: S101 narrows the type
        start_from.queryset = Garment.objects.worn_by(owner).ready_for(owner)
        if not uses_shelves(owner):
            del self.fields["borrowed"]

    @property
    def own_only(self) -> bool:
        """Whether this question is to be answered without what others let them wear."""
        return "borrowed" in self.fields and not self.cleaned_data["borrowed"]

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
        return data

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
            "borrowed": True,
        }
        form = cls(owner=owner, initial=initial)
        if initial["day"] not in dict(form.day_choices()):
            form.initial["day"] = OTHER_DAY
        return form

    @classmethod
    def usual(cls, *, owner: User, note: str = "", key: str = "") -> "AskForm":
        """The question that needs no choice: today, at the usual hours, at home."""
        fresh = cls.fresh(owner=owner)
        data = {name: "" if value is None else str(value) for name, value in fresh.initial.items()}
        data |= {name: f"{fresh.initial[name]:%H:%M}" for name in ("starts_at", "ends_at")}
        data |= {"note": note[:300], "request_key": key or data["request_key"]}
        return cls(data, owner=owner)

    def say(self) -> str:
        """What it assumes, such as "Casual, 10:00 to 18:00, Porto, Portugal"."""
        kind = dict(vocabulary.choices("event")).get(self.data["kind"], "")
        hours = f"{self.data['starts_at']} to {self.data['ends_at']}"
        return ", ".join(filter(None, [kind, hours, self.data["place"]]))


def say_proposal(kind: str, day: date, hours: list[str]) -> str:
    return " ".join([kind, day.isoformat(), *hours])


class ProfileForm(forms.ModelForm[Profile]):
    currency = forms.ChoiceField(
        label="Prices in",
        required=False,
        choices=[("", "What is paid with where I live"), *list_currencies()],
        help_text="For prices that you tell from now on. Those you told stay in their currency.",
        widget=forms.Select({"class": "input"}),
    )
    place = TypedField(label="Home", required=False, max_length=120)
    time_zone = forms.ChoiceField(
        required=False,
        help_text="Follows your home unless you choose another, and your browser where you name no home.",
        widget=forms.Select({"class": "input"}),
    )

    class Meta:
        model = Profile
        fields = (
            "place",
            "sensitivity",
            "units",
            "likes",
            "dislikes",
            "repeat_days",
            "currency",
            "time_zone",
        )
        widgets = {  # noqa: RUF012
            "sensitivity": forms.RadioSelect,
            "units": forms.RadioSelect,
            "likes": forms.TextInput(
                {"class": "input", "placeholder": "Navy, linen, wide trousers"}
            ),
            "dislikes": forms.TextInput({"class": "input", "placeholder": "Wool on my neck"}),
            "repeat_days": forms.NumberInput({"class": "input num"}),
        }
        labels = {  # noqa: RUF012
            "sensitivity": "I am usually",
            "units": "Temperature in",
            "likes": "What you like",
            "dislikes": "What you do not",
            "repeat_days": "Days before a piece comes again",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.home, self.chosen = self.instance.place, self.instance.time_zone
        self.possible_places: list[str] = []
        zones = self.fields["time_zone"]
        assert isinstance(zones, forms.ChoiceField)  # noqa: S101 narrows the type
        zones.choices = group_zones(self.chosen)
        if not self.home:
            zones.choices = [("", self._say_browser()), *group_zones(self.chosen)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        try:
            place = choose_place((data.get("place") or "").strip(), self.instance)
        except ValidationError as error:
            self.possible_places = (error.params or {}).get("places", [])
            self.add_error("place", error)
            return data
        self.apply_place(place, data)
        return data

    def apply_place(self, place: Place | None, data: dict[str, Any]) -> None:
        """Keep coordinates to a tenth of a degree; a new home brings its time zone along."""
        data["place"] = place.label if place else ""
        self.instance.latitude = round(place.latitude, 1) if place else None
        self.instance.longitude = round(place.longitude, 1) if place else None
        data["time_zone"] = self._choose_zone(place, data.get("time_zone", ""))

    def _say_browser(self) -> str:
        known = self.instance.user.time_zone
        return f"As the browser says ({spell_zone(known)})" if known else "As the browser says"

    def _choose_zone(self, place: Place | None, zone: str) -> str:
        """A zone that was chosen now; else the new home's, and none once a home is gone. Empty follows the browser."""
        if zone not in {self.chosen, ""}:
            return zone
        if place is None:
            return "" if self.home else zone
        return place.time_zone if place.label != self.home else self.chosen

    def save(self, commit: bool = True) -> Profile:
        profile = super().save(commit)
        if profile.has_zone:
            profile.user.live_in(profile.time_zone)
        return profile
