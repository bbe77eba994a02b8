"""Wearing and washing a garment, and its log."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_stubs_ext import StrOrPromise

from accounts.http import AuthenticatedHttpRequest
from accounts.languages.words import dated, within
from wardrobe.forms.garments import GarmentForm
from wardrobe.forms.wears import WornOnForm
from wardrobe.models import Garment, Wear
from wardrobe.services import care
from wardrobe.services import wears as services
from wardrobe.services.care import AllAwayError
from wardrobe.views.garments import describe_care, get_garment, render_garment


@require_POST
@login_required
def toggle_wash(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """Into the wash, or with `off` clean again."""
    garment = get_garment(request, garment_id)
    if "off" in request.POST:
        care.wash_garment(garment)
    else:
        with suppress(AllAwayError):
            care.put_in_basket(garment)
    return show_care(request, garment)


@require_POST
@login_required
def wear_garment(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """Worn today, or on `day`."""
    garment = get_garment(request, garment_id)
    if "day" not in request.POST:
        services.log_wear(garment, day=request.user.today)
        return show_care(request, garment)
    form = WornOnForm(request.POST, garment=garment)
    if not form.is_valid():
        if request.htmx:
            return render_care(request, garment, form=form, status=422)
        return render_garment(
            request, garment, GarmentForm(garment=garment), worn_on=form, status=422
        )
    day = form.cleaned_data["day"]
    is_new = services.log_wear(garment, day=day)
    said = _("Noted: %(day)s.") if is_new else _("Known already: %(day)s.")
    return show_care(request, garment, said=said % {"day": dated(day, "l j F Y")})


@require_POST
@login_required
def undo_wear(request: AuthenticatedHttpRequest, garment_id: UUID, wear_id: int) -> HttpResponse:
    """Take one entry of the log back; one that is gone already stays gone."""
    garment = get_garment(request, garment_id)
    wear = garment.wears.filter(pk=wear_id, owner=request.user).first()
    if wear:
        services.undo_wear(wear)
    said = _("Taken back: %(what)s.") % {"what": describe(wear)} if wear else ""
    return show_care(request, garment, said=said)


def describe(wear: Wear) -> str:
    return dated(wear.day, "l j F Y") if wear.day else within(wear.get_source_display())


def show_care(
    request: AuthenticatedHttpRequest, garment: Garment, *, said: StrOrPromise = ""
) -> HttpResponse:
    """The part of the page that htmx asked for; else the page, once more."""
    if request.htmx:
        return render_care(request, get_garment(request, garment.pk), said=said)
    if said:
        messages.success(request, said)
    return redirect(reverse("wardrobe:garment-detail", args=[garment.pk]) + "#wears")


def render_care(
    request: AuthenticatedHttpRequest,
    garment: Garment,
    *,
    form: WornOnForm | None = None,
    said: StrOrPromise = "",
    status: int = 200,
) -> HttpResponse:
    context = {"garment": garment, "said": said} | describe_care(request, garment, form)
    return render(request, "wardrobe/_care.html", context, status=status)
