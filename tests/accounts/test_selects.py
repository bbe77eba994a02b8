"""A select written in one go is the one that Django would have written option by option."""

from typing import Any

import pytest
from django import forms
from django.test.html import parse_html
from django.utils.translation import gettext_lazy

from accounts.text.selects import LongSelect

FLAT = [
    ("", gettext_lazy("Saved.")),
    ("EUR", "Euro & <Cent>"),
    ("USD", 'Dollar "US"'),
    (3, "Three"),
]
GROUPED = [("", "None"), ("Europe", [("Europe/Lisbon", "Lisbon"), ("Europe/Rome", "Rome")])]


@pytest.mark.parametrize(
    ("choices", "value"),
    [
        (FLAT, "EUR"),
        (FLAT, ""),
        (FLAT, None),
        (FLAT, 3),
        (FLAT, "nowhere"),
        (FLAT, '"><script>'),
        (GROUPED, "Europe/Rome"),
        (GROUPED, None),
        ([(None, "Nothing"), ("a", "A")], None),
        ([], None),
    ],
)
@pytest.mark.parametrize("required", [True, False])
def test_it_is_what_django_writes(choices: Any, value: Any, required: bool) -> None:
    def write(widget: type[forms.Select]) -> str:
        class Form(forms.Form):
            of = forms.ChoiceField(
                choices=choices,
                required=required,
                help_text="Which?",
                widget=widget({"class": "input", "data-of": "<b>"}),
            )

        return str(Form(initial={"of": value})["of"])

    written = write(LongSelect)
    assert parse_html(written) == parse_html(write(forms.Select))
    assert "<script>" not in written and "<Cent>" not in written


def test_an_option_costs_no_template(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms.Select, "_render", None)
    many = [(str(number), f"Number {number}") for number in range(500)]
    assert LongSelect(choices=many).render("of", "7").count("<option") == 500
