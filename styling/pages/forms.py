from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import NotificationChoices
from accounts.outside.addresses import ForbiddenAddressError, UnknownHostError, check_url
from accounts.text.fields import TypedField
from styling.calendars.subscriptions import spell_url
from wardrobe import vocabulary

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
        except ForbiddenAddressError as error:
            raise ValidationError(
                _("We do not read that address: %(why)s.") % {"why": error}
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
