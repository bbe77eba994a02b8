from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.acts.undoing import is_undo, read_sent, say_done
from accounts.http import AuthenticatedHttpRequest, read_key
from accounts.rate_limits import limit_posts
from styling.models import Trip, TripOccasion
from styling.services import pictures
from styling.trips import service
from styling.trips.forms import NewTripForm, TripForm
from styling.trips.jobs import enqueue_packing
from styling.trips.page import list_addable, read_page
from wardrobe.models import Garment
from wardrobe.services.garments import call
from wardrobe.views.photos import serve_file

PER_PAGE = 12
OUTFITS = "outfits"  # Beside the fields of a trip's form, in what its undo sends.
HOUR = 3600


def get_trip(request: AuthenticatedHttpRequest, trip_id: UUID) -> Trip:
    """The wearer's trip; somebody else's is not found."""
    trips = Trip.objects.for_owner(request.user).select_related("owner")
    return get_object_or_404(trips, pk=trip_id)


@require_safe
@login_required
def list_trips(request: AuthenticatedHttpRequest) -> HttpResponse:
    """A page of those ahead, the next first, then one of those that are over, the last first."""
    trips = Trip.objects.for_owner(request.user).prefetch_related("legs")
    ahead = trips.ahead(request.user.today)
    over = trips.filter(ends_on__lt=request.user.today).order_by("-starts_on", "pk")
    context = {
        "ahead": Paginator(ahead, PER_PAGE).get_page(request.GET.get("ahead")),
        "over": Paginator(over, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "styling/trip_list.html", context)


@require_safe
def serve_picture(request: HttpRequest, occasion_id: int) -> HttpResponseBase:
    """What is worn to an occasion, as it lies. Not found for everyone but the owner."""
    owned = TripOccasion.objects.filter(trip__owner=request.user.pk).select_related("trip__owner")
    occasion = get_object_or_404(owned, pk=occasion_id)
    if pictures.is_stale(occasion):
        pictures.enqueue_picture(occasion)
    return serve_file(request, occasion.picture.name)


@require_http_methods(["GET", "POST"])
@login_required
def start_trip(request: AuthenticatedHttpRequest) -> HttpResponse:
    today = request.user.today
    initial = {"starts_on": today + timedelta(days=1), "ends_on": today + timedelta(days=3)}
    form = NewTripForm(request.POST or None, owner=request.user, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        trip = service.start_trip(
            request.user,
            place=data["place"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )
        return redirect("styling:trip-edit", trip.pk)
    status = 422 if form.is_bound else 200
    return render(request, "styling/trip_new.html", {"form": form}, status=status)


@require_safe
@login_required
def show_trip(request: AuthenticatedHttpRequest, trip_id: UUID) -> HttpResponse:
    trip = get_trip(request, trip_id)
    if trip.status == Trip.Status.DRAFT:
        return redirect("styling:trip-edit", trip.pk)
    kind, number = request.GET.get("kind", ""), request.GET.get("page", "")
    page = read_page(trip)
    context = {
        "trip": trip,
        "page": page,
        "packed": [row.piece.garment_id for row in page.rows if row.piece.is_packed],
        "addable": list_addable(trip, kind, number),
    }
    return render(request, "styling/trip_detail.html", context)


@require_safe
@login_required
def show_progress(request: AuthenticatedHttpRequest, trip_id: UUID) -> HttpResponse:
    """How far packing is; the whole page once it is done."""
    trip = get_trip(request, trip_id)
    if not trip.is_working:
        return HttpResponseClientRefresh()
    return render(request, "styling/_trip_progress.html", {"trip": trip})


@require_http_methods(["GET", "POST"])
@login_required
@limit_posts("pack", limit=200, seconds=HOUR)
def edit_trip(request: AuthenticatedHttpRequest, trip_id: UUID) -> HttpResponse:
    """Saved and packed anew, or with `later` only saved. So is what was said before, by an undo: the same is packed of it."""
    trip = get_trip(request, trip_id)
    form = TripForm(read_sent(request) if request.method == "POST" else None, trip=trip)
    if form.is_valid():
        sent, former = read_sent(request), TripForm.describe(trip)
        former[OUTFITS] = service.tell_outfits(trip)
        if is_later := "later" in sent:
            former["later"] = "1"
        service.save_trip(trip, form.plan)
        if is_undo(request):
            service.dress_again(trip, sent.get(OUTFITS, "[]"))
        say_done(request, _("Saved."), former)
        if is_later:
            return redirect("styling:trip-edit", trip.pk)
        enqueue_packing(service.ask_to_pack(trip))
        return redirect("styling:trip-detail", trip.pk)
    context = {"form": form, "trip": trip}
    return render(request, "styling/trip_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
@limit_posts("pack", limit=200, seconds=HOUR)
def repack_trip(request: AuthenticatedHttpRequest, trip_id: UUID) -> HttpResponse:
    """Anew, with what is ticked; `fewer` wears everything a day longer, `usual` not. With `undo` the list before."""
    trip = get_trip(request, trip_id)
    if "undo" in request.GET:
        if service.take_back(trip):
            messages.success(request, _("The list is as it was before."))
        return redirect("styling:trip-detail", trip.pk)
    longer = True if "fewer" in request.POST else False if "usual" in request.POST else None
    repack(request, trip, longer=longer)
    return redirect("styling:trip-detail", trip.pk)


def repack(
    request: AuthenticatedHttpRequest, trip: Trip, *, longer: bool | None = None, said: str = ""
) -> None:
    """Queue it and say that it can be taken back, where there is a list."""
    had_list = trip.pieces.exists()
    enqueue_packing(service.ask_to_pack(trip, longer=longer))
    if had_list:
        address = reverse("styling:trip-pack", args=[trip.pk])
        words = said or _("Packing anew. What is ticked stays.")
        messages.success(request, words, extra_tags=f"{address}?undo")


@require_POST
@login_required
def tick_trip(request: AuthenticatedHttpRequest, trip_id: UUID) -> HttpResponse:
    """What is in the bag: all that is named, and nothing else, but for what its page did not know of (`shown`)."""
    trip = get_trip(request, trip_id)
    packed, shown = (
        [key for text in request.POST.getlist(name) if (key := read_key(text))]
        for name in ("packed", "shown")
    )
    service.tick(trip, packed, shown=shown if "shown" in request.POST else None)
    if request.htmx:
        context = {"page": read_page(trip), "packed": packed}
        return render(request, "styling/_trip_count.html", context)
    return redirect(reverse("styling:trip-detail", args=[trip.pk]) + "#pack")


@require_POST
@login_required
def change_piece(request: AuthenticatedHttpRequest, trip_id: UUID) -> HttpResponse:
    """`add` a garment by hand, `leave` one at home, or `forget` what was said of it; then it is packed anew."""
    trip = get_trip(request, trip_id)
    verb = next((one for one in CHANGES if one in request.POST), "")
    garments = Garment.objects.for_owner(request.user)
    garment = get_object_or_404(garments, pk=read_key(request.POST.get(verb, "")))
    with transaction.atomic():  # The list before is kept first, and packed anew last.
        repack(request, trip, said=say_change(verb, garment))
        CHANGES[verb](trip, garment)
    return redirect("styling:trip-detail", trip.pk)


def say_change(verb: str, garment: Garment) -> str:
    words = {
        "add": _("%(piece)s comes along."),
        "leave": _("%(piece)s stays at home."),
        "forget": _("%(piece)s may come along again."),
    }
    return words[verb] % {"piece": call(garment)}


CHANGES = {"add": service.add_piece, "leave": service.leave_out, "forget": service.forget_piece}


@require_POST
@login_required
def plan_trip(request: AuthenticatedHttpRequest, trip_id: UUID) -> HttpResponse:
    """Into the calendar, or with `off` or Undo out of it."""
    trip = get_trip(request, trip_id)
    is_planned = not ("off" in request.POST or "undo" in request.GET)
    service.plan_days(trip, is_planned=is_planned)
    address = reverse("styling:trip-plan", args=[trip.pk])
    if is_planned:
        messages.success(
            request, _("These days are in your calendar."), extra_tags=f"{address}?undo"
        )
    else:
        messages.success(request, _("These days are out of your calendar."))
    return redirect("styling:trip-detail", trip.pk)


@require_http_methods(["GET", "POST"])
@login_required
def delete_trip(request: AuthenticatedHttpRequest, trip_id: UUID) -> HttpResponse:
    """GET asks, POST deletes."""
    trip = get_trip(request, trip_id)
    if request.method == "GET":
        return render(request, "styling/trip_confirm_delete.html", {"trip": trip})
    trip.delete()
    messages.success(request, _("%(trip)s is deleted.") % {"trip": trip.name})
    return redirect("styling:trip-list")
