"""The laundry, and what is in repair or lent."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_stubs_ext import StrOrPromise

from accounts.acts.undoing import is_undo, read_sent, say_done
from accounts.http import AuthenticatedHttpRequest, read_key
from accounts.languages.words import dated, within
from wardrobe.forms.care import ElsewhereForm, IntervalForm
from wardrobe.forms.garments import GarmentForm
from wardrobe.models import Care
from wardrobe.services import care as services
from wardrobe.services.care import LONGER, AllAwayError
from wardrobe.services.garments import call
from wardrobe.services.intervals import list_due
from wardrobe.services.wears import count_plans_come
from wardrobe.views.garments import get_garment, render_garment
from wardrobe.views.many import say_act
from wardrobe.views.wears import show_care

PER_PAGE = 24
PLACES = {"laundry": "wardrobe:laundry", "household": "wardrobe:household", "today": "styling:ask"}
"""Where a piece is said to be back, besides its own page."""
ALL_AWAY = gettext_lazy("All of it is in the wash, in repair or lent already.")


def get_care(request: AuthenticatedHttpRequest, garment_id: UUID, care_id: int) -> Care:
    """An entry of the wearer's; somebody else's is not found."""
    entries = Care.objects.for_owner(request.user).select_related("garment__owner")
    return get_object_or_404(entries, pk=care_id, garment=garment_id)


@require_safe
@login_required
def show_laundry(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What is in the wash, what is due, and what is away; each list a page at a time."""
    owner = request.user
    count_plans_come(owner)
    away = Care.objects.for_owner(owner).away().select_related("garment__photo", "garment__owner")
    lists = {
        "basket": services.list_basket(owner).select_related("photo"),
        "due": list_due(owner).select_related("photo"),
        "away": away.order_by(F("until").asc(nulls_last=True), "pk"),
    }
    context: dict[str, object] = {
        name: Paginator(rows, PER_PAGE).get_page(request.GET.get(name))
        for name, rows in lists.items()
    }
    return render(request, "wardrobe/laundry.html", context | {"today": owner.today})


@require_POST
@login_required
def wash_basket(request: AuthenticatedHttpRequest) -> HttpResponse:
    return show_act(request, services.wash_basket(request.user), _("All clean again."))


@require_POST
@login_required
def fill_basket(request: AuthenticatedHttpRequest) -> HttpResponse:
    """All that is due, or those that are named."""
    due = list_due(request.user)
    if "garment" in request.POST:
        keys = [key for text in request.POST.getlist("garment") if (key := read_key(text))]
        due = due.filter(pk__in=keys)
    return show_act(request, services.fill_basket(due), _("In the wash."))


def show_act(
    request: AuthenticatedHttpRequest, act: UUID | None, said: StrOrPromise
) -> HttpResponse:
    if act:
        undo = reverse("wardrobe:laundry-undo", args=[act])
        messages.success(request, said, extra_tags=undo)
    return redirect("wardrobe:laundry")


@require_POST
@login_required
def undo_act(request: AuthenticatedHttpRequest, act: UUID) -> HttpResponse:
    """What was taken back already is not found, as somebody else's is not."""
    if not services.undo_act(request.user, act):
        raise Http404
    messages.success(request, _("Taken back."))
    return redirect("wardrobe:laundry")


@require_POST
@login_required
def send_away(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    garment = get_garment(request, garment_id)
    form = ElsewhereForm(request.POST, garment=garment)
    if not form.is_valid():
        return render_garment(
            request, garment, GarmentForm(garment=garment), elsewhere=form, status=422
        )
    data = form.cleaned_data
    try:
        services.send_away(
            garment, kind=Care.Kind(data["kind"]), whom=data["whom"], until=data["until"]
        )
    except AllAwayError:
        return show_care(request, garment, said=ALL_AWAY)
    return show_care(request, garment, said=_("Noted. The stylist waits until it is back."))


@require_POST
@login_required
def bring_back(request: AuthenticatedHttpRequest, garment_id: UUID, care_id: int) -> HttpResponse:
    """It is back; with `?undo` it is not."""
    care = get_care(request, garment_id, care_id)
    is_back, place = "undo" not in request.GET, find_place(request)
    try:
        services.bring_back(care, is_back=is_back)
    except AllAwayError:
        messages.error(request, ALL_AWAY)
        return show_place(place)
    if is_back and not place:
        return show_care(request, care.garment, said=_("Back again."))
    if is_back:
        undo = f"{reverse('wardrobe:care-back', args=[garment_id, care_id])}?undo&{place}"
        messages.success(
            request, _("Back: %(name)s.") % {"name": call(care.garment)}, extra_tags=undo
        )
    return show_place(place)


def find_place(request: AuthenticatedHttpRequest) -> str:
    """On which page of several pieces it was said; empty on the piece's own."""
    return next((name for name in PLACES if name in request.POST or name in request.GET), "")


def show_place(place: str) -> HttpResponse:
    return redirect(PLACES.get(place, "wardrobe:laundry"))


@require_POST
@login_required
def keep_longer(request: AuthenticatedHttpRequest, garment_id: UUID, care_id: int) -> HttpResponse:
    """What is away is expected a week from today; an undo expects it as before."""
    care, sent = get_care(request, garment_id, care_id), read_sent(request)
    place = find_place(request) or sent.get("place", "")
    if not care.is_away:
        messages.error(request, _("It is back already."))
        return show_place(place)
    former = {
        "until": care.until.isoformat() if care.until else "",
        "told_on": care.told_on.isoformat() if care.told_on else "",
        "place": place,
    }
    kept = sent if is_undo(request) else {}
    until = parse_date(kept.get("until", "")) if kept else request.user.today + LONGER
    told_on = parse_date(kept.get("told_on", ""))
    services.expect_back(care, until=until, told_on=told_on)
    told = {"name": call(care.garment), "day": dated(until, "j F")}
    say_done(request, _("Expected back on %(day)s: %(name)s.") % told, former)
    return show_place(place)


@require_POST
@login_required
def undo_care(request: AuthenticatedHttpRequest, garment_id: UUID, care_id: int) -> HttpResponse:
    """Take one entry of the log back; one that is gone already stays gone."""
    garment = get_garment(request, garment_id)
    care = garment.cares.select_related("garment__owner").filter(pk=care_id).first()
    if care:
        services.undo_care(care)
    said = _("Taken back: %(what)s.") % {"what": within(care.get_kind_display())} if care else ""
    return show_care(request, garment, said=said)


@require_POST
@login_required
def set_interval(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    garment = get_garment(request, garment_id)
    form = IntervalForm(request.POST, garment=garment)
    if not form.is_valid():
        return render_garment(
            request, garment, GarmentForm(garment=garment), interval=form, status=422
        )
    data: dict[str, bool | int | None] = form.cleaned_data
    act = services.set_interval(garment, wears=data["wears"], is_for_type=bool(data["is_for_type"]))
    count = len(act.changes)
    undo = f"{reverse('wardrobe:act-undo', args=[act.pk])}?garment={garment.pk}" if count else ""
    messages.success(request, say_act(act, count), extra_tags=undo)
    return show_care(request, garment)
