from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import NotificationChoices
from accounts.outside.addresses import (
    ForbiddenAddressError,
    PrivateAddressError,
    UnknownHostError,
    check_url,
)
from accounts.text.fields import TypedField
from accounts.text.selects import LongSelect
from styling.calendars.subscriptions import spell_url
from styling.forms import choose_place
from styling.models import Profile
from styling.services.profiles import live_in
from styling.weather.places import Place
from styling.weather.zones import group_zones, spell_zone
from wardrobe import vocabulary
from wardrobe.prices.currencies import list_currencies

NOTHING = gettext_lazy("Nothing to dress for")


class SubscriptionForm(forms.Form):
    """The address of a calendar, which must lead to a public place."""

    url = forms.CharField(
        label=gettext_lazy("Its address"),
        max_length=2000,
        help_text=gettext_lazy(
            "Your calendar calls it “secret address in iCal format”, or “ICS link”."
        ),
        widget=forms.TextInput(
            {
                "class": "input mono",
                "inputmode": "url",
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": "https://calendar.example.com/private/basic.ics",
            }
        ),
        error_messages={"required": gettext_lazy("Paste the address of a calendar.")},
    )

    def clean_url(self) -> str:
        url = spell_url(self.cleaned_data["url"])
        try:
            check_url(url, networks=settings.WEARER_NETWORKS)
        except PrivateAddressError as error:
            raise ValidationError(_("That address is not public, so we cannot read it.")) from error
        except ForbiddenAddressError as error:
            raise ValidationError(
                _("That is no address of a calendar. One begins with https.")
            ) from error
        except UnknownHostError as error:
            raise ValidationError(_("There is no such address. Copy it once more.")) from error
        return url


class RuleForm(forms.Form):
    """Words in a title, and what an event with one of them is."""

    words = TypedField(
        label=gettext_lazy("Words in the title"),
        max_length=200,
        help_text=gettext_lazy(
            "With commas. The first rule that has one of an event’s words counts."
        ),
        widget=forms.TextInput(
            {"class": "input", "placeholder": gettext_lazy("meeting, stand-up")}
        ),
        error_messages={"required": gettext_lazy("Name a word at least.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("It is"), required=False, widget=forms.Select({"class": "input"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 narrows the type
        kind.choices = [*vocabulary.choices("event"), ("", NOTHING)]

    def clean_words(self) -> str:
        words = [word.strip() for word in self.cleaned_data["words"].split(",")]
        kept = ", ".join(dict.fromkeys(word for word in words if word))
        if not kept:
            raise ValidationError(_("Name a word at least."))
        return kept


class NotificationForm(forms.ModelForm[NotificationChoices]):
    """What, and when; all off unless said."""

    quiet_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Quiet on"),
        required=False,
        coerce=int,
        choices=list(WEEKDAYS_ABBR.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = NotificationChoices
        fields = ("morning", "sky", "wash", "at", "quiet_days")
        widgets = {"at": forms.TimeInput({"type": "time", "class": "input num"}, format="%H:%M")}  # noqa: RUF012
        labels = {"at": gettext_lazy("At")}  # noqa: RUF012
        error_messages = {
            "at": {
                "required": gettext_lazy("At what time?"),
                "invalid": gettext_lazy("That is no time of day."),
            }
        }  # noqa: RUF012


class ProfileForm(forms.ModelForm[Profile]):
    currency = forms.ChoiceField(
        label=gettext_lazy("Prices in"),
        required=False,
        choices=lambda: [
            ("", gettext_lazy("What is paid with where I live")),
            *list_currencies(),
        ],
        help_text=gettext_lazy(
            "For prices that you tell from now on. Those you told stay in their currency."
        ),
        widget=LongSelect({"class": "input"}),
    )
    place = TypedField(label=gettext_lazy("Home"), required=False, max_length=120)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy(
            "Follows your home unless you choose another, and your browser where you name no home."
        ),
        widget=LongSelect({"class": "input"}),
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
                {"class": "input", "placeholder": gettext_lazy("Navy, linen, wide trousers")}
            ),
            "dislikes": forms.TextInput(
                {"class": "input", "placeholder": gettext_lazy("Wool on my neck")}
            ),
            "repeat_days": forms.NumberInput({"class": "input num"}),
        }
        labels = {  # noqa: RUF012
            "sensitivity": gettext_lazy("I am usually"),
            "units": gettext_lazy("Temperature in"),
            "likes": gettext_lazy("What you like"),
            "dislikes": gettext_lazy("What you do not"),
            "repeat_days": gettext_lazy("Days before a piece comes again"),
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
        return (
            _("As the browser says (%(zone)s)") % {"zone": spell_zone(known)}
            if known
            else _("As the browser says")
        )

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
            live_in(profile.user, profile.time_zone)
        return profile
