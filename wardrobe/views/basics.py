"""The starter set: chosen by taps, hung up in one act, taken down again."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.acts.undoing import offer_undo, read_sent
from accounts.http import AuthenticatedHttpRequest
from wardrobe.models import Garment
from wardrobe.services import basics as services
from wardrobe.views.many import tell_act


class BasicsForm(forms.Form):
    basics = forms.MultipleChoiceField(
        label=gettext_lazy("Basics"),
        error_messages={
            "required": gettext_lazy("Tap what you own."),
            "invalid_choice": gettext_lazy("One of them is no basic."),
        },
    )

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        field = cast(forms.MultipleChoiceField, self.fields["basics"])
        field.choices = [(one.key, one.said) for one in services.list_basics()]


@require_http_methods(["GET", "POST"])
@login_required
def choose_basics(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The set with the usual ones ticked; sent, those that are ticked hang in the wardrobe."""
    form = BasicsForm(read_sent(request)) if request.method == "POST" else BasicsForm()
    if form.is_bound and form.is_valid():
        chosen = {*form.cleaned_data["basics"]}
        basics = [one for one in services.list_basics() if one.key in chosen]
        return tell_act(request, services.hang_up_basics(owner=request.user, basics=basics))
    own = {
        *Garment.objects.for_owner(request.user)
        .filter(is_basic=True)
        .values_list("name", flat=True)
    }
    context = {
        "form": form,
        "basics": [
            (one, one.usual and not own and not form.is_bound, one.name in own)
            for one in services.list_basics()
        ],
        "hanging": len(own),
    }
    status = 422 if form.is_bound else 200
    return render(request, "wardrobe/basics.html", context, status=status)


@require_POST
@login_required
def take_basics_down(request: AuthenticatedHttpRequest) -> HttpResponse:
    names = services.take_basics_down(request.user)
    left = Garment.objects.for_owner(request.user).filter(is_basic=True).count()
    count, known = len(names), {one.name: one.key for one in services.list_basics()}
    said = ngettext(
        "%(n)s basic taken down. It hangs again at a tap.",
        "%(n)s basics taken down. They hang again at a tap.",
        count,
    ) % {"n": count}
    former = {"basics": [known[name] for name in names if name in known]}
    undo = offer_undo(request, reverse("wardrobe:basics"), former) if former["basics"] else ""
    if count or not left:
        messages.success(
            request, said if count else _("No basic was left to take down."), extra_tags=undo
        )
    if left:
        stays = ngettext(
            "%(n)s basic stays: you wore it, changed it or did something else with it. Delete it on its own page.",
            "%(n)s basics stay: you wore, changed or did something else with them. Delete each on its own page.",
            left,
        )
        messages.info(request, stays % {"n": left})
    return redirect("wardrobe:garment-list")


@require_safe
def show_basic(request: HttpRequest, key: str) -> HttpResponse:
    """The drawn picture of one: everybody's, so that it may be kept."""
    basic = services.find_basic(key)
    if basic is None:
        return HttpResponse(status=404)
    headers = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(basic.read_picture(), "image/webp", headers=headers)
