"""What is typed about a household, its people and shelves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text.fields import TypedField
from wardrobe.household.shelves import LOOK, NOTHING, WEAR
from wardrobe.models import Household, Member, Shelf

RIGHTS = [(NOTHING, _("Does not see it")), (LOOK, _("May look")), (WEAR, _("May wear"))]


class CalledForm(forms.Form):
    """How the others will call somebody: the first name that they gave, unless they say otherwise."""

    called = TypedField(
        label=_("What the others call you"),
        max_length=40,
        help_text=_("Your email is shown to nobody."),
        widget=forms.TextInput({"class": "input", "autocomplete": "given-name"}),
        error_messages={"required": _("The others have to call you something.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("called", user.first_name[:40])


class HouseholdForm(CalledForm):
    name = TypedField(
        label=_("What the household is called"),
        max_length=60,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
        error_messages={"required": _("A household needs a name.")},
    )

    field_order = ("name", "called")

    def __init__(self, *args: Any, household: Household | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if household:
            self.initial["name"] = household.name


class InvitationForm(forms.Form):
    """`auto_id` keeps the fields of the household's one page apart."""

    email = forms.EmailField(
        label=_("Email (optional)"),
        required=False,
        max_length=254,
        help_text=_("We mail the link. Without an email you pass it on yourself."),
        widget=forms.EmailInput({"class": "input", "autocomplete": "off", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "invite_%s", **kwargs})

    def clean_email(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["email"])


class ShelfForm(forms.Form):
    name = TypedField(
        label=_("Name of the shelf"),
        max_length=60,
        widget=forms.TextInput({"class": "input", "autocomplete": "off"}),
        error_messages={"required": _("A shelf needs a name.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "shelf_%s", **kwargs})


class SharesForm(forms.Form):
    """What each other member may do with a shelf."""

    def __init__(self, *args: Any, shelf: Shelf, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {f"member-{member.pk}": member for member in members}
        now = {share.member_id: WEAR if share.may_wear else LOOK for share in shelf.shares.all()}
        for name, member in self.members.items():
            self.fields[name] = forms.ChoiceField(
                label=member.name,
                choices=RIGHTS,
                required=False,
                initial=now.get(member.pk, NOTHING),
                widget=forms.Select({"class": "input"}),
            )

    @property
    def rights(self) -> dict[Member, str]:
        return {member: self.cleaned_data[name] for name, member in self.members.items()}
