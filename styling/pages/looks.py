"""The lookbook, and the builder, whose whole state is its address: each step back is the browser's own."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest, read_key
from accounts.languages.words import join_words
from styling.flatlay.placing import place_garments
from styling.forms import AskForm
from styling.models import Look
from styling.services import looks, requests
from styling.services.looks import EmptyLookError
from styling.services.pictures import list_garments
from styling.services.requests import NothingToWearError
from styling.views import NOTHING_TO_WEAR, get_suggestion
from wardrobe.household.seeing import show_borrowed
from wardrobe.models import Garment
from wardrobe.services.garments import call

LOOKS_PER_PAGE, TRAY = 24, 24
KINDS = ("outerwear", "top", "dress", "bottom", "shoes", "accessory", "hat", "bag")


def get_look(request: AuthenticatedHttpRequest, look_id: UUID) -> Look:
    """The wearer's look; somebody else's is not found."""
    owned = Look.objects.for_owner(request.user).select_related("owner", "suggestion")
    return get_object_or_404(owned, pk=look_id)


@require_safe
@login_required
def list_looks(request: AuthenticatedHttpRequest) -> HttpResponse:
    """All of them, or one shelf: `show` says which."""
    shelves = looks.list_shelves(request.user)
    asked = request.GET.get("show", "")
    shelf = next((one for one in shelves if one.show == asked), shelves[0])
    page = Paginator(shelf.looks, LOOKS_PER_PAGE).get_page(request.GET.get("page"))
    worn = looks.count_worn(request.user, page)
    context = {
        "page": page,
        "looks": [(look, worn.get(look.pk, 0)) for look in page],
        "shelf": shelf,
        "shelves": shelves,
        "query": urlencode({"show": shelf.show}) if shelf.show else "",
    }
    return render(request, "styling/looks.html", context)


@require_safe
@login_required
def show_look(request: AuthenticatedHttpRequest, look_id: UUID) -> HttpResponse:
    look = get_look(request, look_id)
    garments = looks.list_pieces(look)
    laid = list(zip(garments, place_garments(garments), strict=True))
    worn = looks.count_worn(request.user, [look]).get(look.pk, 0)
    context = {"look": look, "laid": laid, "worn": worn, "edit": build_address(garments)}
    return render(request, "styling/look_detail.html", context)


@require_POST
@login_required
def keep_look(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Of the pieces that are named, or of the answer `suggestion`."""
    suggestion = None
    garments = read_pieces(request, request.POST.getlist("piece"))
    if text := request.POST.get("suggestion"):
        suggestion = get_suggestion(request, read_key(text) or UUID(int=0))
        garments = list_garments(suggestion)
    try:
        look = looks.keep_look(
            request.user, garments, name=request.POST.get("name", ""), suggestion=suggestion
        )
    except EmptyLookError:
        messages.error(request, _("Lay down a piece first."))
        return redirect("styling:look-build")
    return show_new(request, look)


def show_new(request: AuthenticatedHttpRequest, look: Look) -> HttpResponse:
    """Its page, where the undo of keeping or copying it deletes it."""
    undo = reverse("styling:look-delete", args=[look.pk])
    messages.success(request, _("%(look)s is kept.") % {"look": look.name}, extra_tags=undo)
    return redirect("styling:look-detail", look.pk)


@require_POST
@login_required
def rename_look(request: AuthenticatedHttpRequest, look_id: UUID) -> HttpResponse:
    look = get_look(request, look_id)
    former = look.name
    looks.rename_look(look, name=request.POST.get("name") or request.GET.get("name", ""))
    undo = f"{reverse('styling:look-rename', args=[look.pk])}?{urlencode({'name': former})}"
    messages.success(request, _("It is called %(look)s.") % {"look": look.name}, extra_tags=undo)
    return redirect("styling:look-detail", look.pk)


@require_POST
@login_required
def clone_look(request: AuthenticatedHttpRequest, look_id: UUID) -> HttpResponse:
    try:
        look = looks.clone_look(get_look(request, look_id))
    except EmptyLookError:
        messages.error(request, _("No piece of it is left."))
        return redirect("styling:looks")
    return show_new(request, look)


@require_http_methods(["GET", "POST"])
@login_required
def delete_look(request: AuthenticatedHttpRequest, look_id: UUID) -> HttpResponse:
    """GET asks, for browsers that cannot open the dialog."""
    look = get_look(request, look_id)
    if request.method == "GET":
        return render(request, "styling/look_confirm_delete.html", {"look": look})
    look.delete()
    messages.success(request, _("%(look)s is deleted. Its pieces stay.") % {"look": look.name})
    return redirect("styling:looks")


def read_pieces(request: AuthenticatedHttpRequest, texts: Sequence[str]) -> list[Garment]:
    """The wearer's garments of these keys, and those of others that they may wear, in their order; whatever else is
    named is left out."""
    keys = [key for text in texts[: 3 * looks.MOST_PIECES] if (key := read_key(text))]
    owned = Garment.objects.worn_by(request.user).select_related("photo").in_bulk(keys)
    found = [owned[key] for key in dict.fromkeys(keys) if key in owned]
    return show_borrowed(request.user, found)


def build_address(pieces: Sequence[Garment], **more: str) -> str:
    query = [("piece", str(piece.pk)) for piece in pieces] + [*more.items()]
    return f"{reverse('styling:look-build')}?{urlencode(query)}"


@require_safe
@login_required
def build_look(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Pieces laid on slots by hand. `add` lays one down in the place of what lies there."""
    pieces = read_pieces(request, request.GET.getlist("piece"))
    if added := read_pieces(request, request.GET.getlist("add")):
        for garment in added:
            pieces = looks.lay_down(pieces, garment)
        return redirect(build_address(pieces))
    gaps = looks.list_open(pieces)
    asked = request.GET.get("slot", "")
    slot = asked if asked in KINDS else next(iter(gaps), "outerwear")
    tray = Garment.objects.worn_by(request.user).current().filter(slot=slot)
    tray = tray.select_related("photo").order_by("in_wash", "name", "pk")
    page = Paginator(tray, TRAY).get_page(request.GET.get("page"))
    page.object_list = show_borrowed(request.user, list(page.object_list))
    laid = [
        (garment, place, build_address([one for one in pieces if one is not garment]))
        for garment, place in zip(pieces, place_garments(pieces), strict=True)
    ]
    context = {
        "pieces": pieces,
        "laid": laid,
        "gaps": [(gap, build_address(pieces, slot=gap)) for gap in gaps],
        "kinds": [(kind, build_address(pieces, slot=kind)) for kind in KINDS],
        "slot": slot,
        "page": page,
        "here": build_address(pieces),
    }
    return render(request, "styling/look_build.html", context)


@require_POST
@login_required
def finish_look(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Let the stylist finish: what lies there is kept, of what can be worn now. The rest is told."""
    pieces = read_pieces(request, request.POST.getlist("piece"))
    named = Garment.objects.filter(pk__in=[piece.pk for piece in pieces])
    ready = {*named.ready_for(request.user).values_list("pk", flat=True)}
    form = AskForm.usual(owner=request.user)
    if not form.is_valid():
        return redirect("styling:ask")
    try:
        suggestion = requests.open_suggestion(
            owner=request.user,
            request_key=form.cleaned_data["request_key"],
            event=form.event,
            keep=[piece.pk for piece in pieces if piece.pk in ready],
        )
    except NothingToWearError:
        messages.error(request, NOTHING_TO_WEAR)
        return redirect(build_address(pieces))
    if left_out := [call(piece) for piece in pieces if piece.pk not in ready]:
        said = _("Cannot be worn just now, so it goes without: %(names)s.")
        messages.warning(request, said % {"names": join_words(left_out)})
    return redirect("styling:outfit-detail", suggestion.pk)
