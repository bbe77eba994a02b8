"""The pages of shelves: what lies there, who may do what with it, and putting pieces on."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.acts.undoing import is_undo, offer_undo, read_sent, say_done
from accounts.http import AuthenticatedHttpRequest, read_key
from wardrobe.household import page, shelves
from wardrobe.household.forms import SharesForm, ShelfForm
from wardrobe.household.members import find_member
from wardrobe.household.pages import get_member, render_household
from wardrobe.household.shelves import ShelfFullError, TooManyShelvesError
from wardrobe.models import Garment, Member, Shelf, ShelfShare
from wardrobe.services.garments import call

PER_PAGE = 24
MOST_AT_ONCE = 200


def get_shelf(request: AuthenticatedHttpRequest, shelf_id: UUID) -> Shelf:
    """The wearer's own shelf; of others not even those that they may see."""
    return get_object_or_404(Shelf.objects.for_owner(request.user), pk=shelf_id)


@require_POST
@login_required
def add_shelf(request: AuthenticatedHttpRequest) -> HttpResponse:
    """An empty one that nobody else sees yet, or with the `garment`s that are named."""
    member = get_member(request)
    form = ShelfForm(request.POST)
    if not form.is_valid():
        return render_household(request, member, status=422, shelf_form=form)
    try:
        shelf = shelves.make_shelf(request.user, name=form.cleaned_data["name"])
        shelves.put_on_shelf(shelf, read_garments(request))
    except TooManyShelvesError:
        messages.error(request, _("You have as many shelves as one may have."))
        return redirect("wardrobe:household")
    undo = reverse("wardrobe:shelf-delete", args=[shelf.pk])
    messages.success(
        request, _("There is a shelf “%(name)s” now.") % {"name": shelf.name}, extra_tags=undo
    )
    return redirect("wardrobe:shelf", shelf.pk)


def read_garments(request: AuthenticatedHttpRequest) -> list[Garment]:
    """The wearer's garments that are named, as many as one act may have; whatever else is named is left out."""
    texts = read_sent(request).getlist("garment") or request.GET.getlist("garment")
    keys = [key for text in texts if (key := read_key(text))]
    found = Garment.objects.for_owner(request.user).filter(pk__in=keys[:MOST_AT_ONCE])
    return list(found.select_related("photo").order_by("name", "pk"))


@require_safe
@login_required
def show_shelf(request: AuthenticatedHttpRequest, shelf_id: UUID) -> HttpResponse:
    """One's own with all that can be done; somebody else's to look at. To all others it is not there."""
    found = Shelf.objects.seen_by(request.user).prefetch_related("shares")
    shelf = get_object_or_404(found.select_related("owner__membership"), pk=shelf_id)
    form = None
    if shelf.owner_id == request.user.pk:
        form = SharesForm(shelf=shelf, members=list_others(request))
    return render_shelf(request, shelf, form)


def list_others(request: AuthenticatedHttpRequest) -> list[Member]:
    member = find_member(request.user)
    return list(member.household.members.exclude(pk=member.pk)) if member else []


def render_shelf(
    request: AuthenticatedHttpRequest, shelf: Shelf, form: SharesForm | None, *, status: int = 200
) -> HttpResponse:
    garments = Garment.objects.current().filter(shelf_pieces__shelf=shelf)
    garments = garments.select_related("photo").order_by("name", "pk")
    pieces = Paginator(garments, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "shelf": shelf,
        "is_own": shelf.owner_id == request.user.pk,
        "pieces": pieces,
        "shown": page.show_pieces(request.user, pieces),
        "form": form,
        "name_form": ShelfForm(initial={"name": shelf.name}),
        "share": shelf.shares.filter(member__user=request.user).first(),
    }
    return render(request, "wardrobe/household/shelf.html", context, status=status)


@require_POST
@login_required
def rename_shelf(request: AuthenticatedHttpRequest, shelf_id: UUID) -> HttpResponse:
    shelf = get_shelf(request, shelf_id)
    form, former = ShelfForm(read_sent(request)), {"name": shelf.name}
    if form.is_valid():
        shelf.name = form.cleaned_data["name"]
        shelf.save(update_fields=["name"])
        say_done(request, _("Saved."), former)
    else:
        messages.error(request, _("A shelf needs a name."))
    return redirect("wardrobe:shelf", shelf.pk)


@require_POST
@login_required
def share_shelf(request: AuthenticatedHttpRequest, shelf_id: UUID) -> HttpResponse:
    """Who of the household may look at it, and who may wear what lies there. It holds from now on."""
    shelf = get_shelf(request, shelf_id)
    sent = read_sent(request)
    form = SharesForm(sent, shelf=shelf, members=list_others(request))
    if not form.is_valid():
        return render_shelf(request, shelf, form, status=422)
    asked, used = shelves.list_requests(request.user), shelves.list_users(shelf)
    shelves.share_shelf(shelf, form.rights)
    former = {
        **{name: field.initial for name, field in form.fields.items()},
        "used": [str(key) for key in used - shelves.list_users(shelf)],
        "asked": shelves.list_ended(request.user, asked),
    }
    if is_undo(request):
        shelves.use_again(shelf, [int(key) for key in sent.getlist("used")])
        shelves.ask_again(request.user, sent.getlist("asked"))
    say_done(request, _("Saved. It holds from now on."), former)
    return redirect("wardrobe:shelf", shelf.pk)


@require_http_methods(["GET", "POST"])
@login_required
def delete_shelf(request: AuthenticatedHttpRequest, shelf_id: UUID) -> HttpResponse:
    """GET asks."""
    shelf = get_shelf(request, shelf_id)
    if request.method == "GET":
        return render(request, "wardrobe/household/shelf_confirm_delete.html", {"shelf": shelf})
    shelves.delete_shelf(shelf)
    messages.success(
        request,
        _("The shelf “%(name)s” is gone. Its pieces hang in your wardrobe.") % {"name": shelf.name},
    )
    return redirect("wardrobe:household")


@require_POST
@login_required
def use_shelf(request: AuthenticatedHttpRequest, shelf_id: UUID) -> HttpResponse:
    """By somebody who may wear it: their answers may have its pieces, or with nothing said may not any more."""
    shares = ShelfShare.objects.filter(member__user=request.user, may_wear=True)
    share = get_object_or_404(shares.select_related("shelf"), shelf=shelf_id)
    is_used, former = "is_used" in read_sent(request), {"is_used": "on"} if share.is_used else {}
    shelves.use_shelf(share, is_used=is_used)
    said = (
        _("Your answers may have pieces of “%(shelf)s” now.")
        if is_used
        else _("Your answers go without “%(shelf)s” now.")
    )
    say_done(request, said % {"shelf": share.shelf.name}, former)
    return redirect("wardrobe:shelf", shelf_id)


@require_POST
@login_required
def take_off(request: AuthenticatedHttpRequest, shelf_id: UUID) -> HttpResponse:
    shelf, garments = get_shelf(request, shelf_id), read_garments(request)
    asked = shelves.list_requests(request.user)
    if not shelves.take_off(shelf, [garment.pk for garment in garments]):
        raise Http404
    said = _("Off the shelf: %(names)s.") % {"names": ", ".join(call(one) for one in garments[:3])}
    ended = shelves.list_ended(request.user, asked)
    former = {"shelf": str(shelf.pk), "garment": name_keys(garments), "asked": ended}
    undo = offer_undo(request, reverse("wardrobe:shelf-choose"), former)
    messages.success(request, said, extra_tags=undo)
    return redirect("wardrobe:shelf", shelf.pk)


def name_keys(garments: list[Garment]) -> list[str]:
    return [str(garment.pk) for garment in garments]


@require_http_methods(["GET", "POST"])
@login_required
def choose_shelf(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Put the `garment`s that are named on a `shelf`; without one, ask which."""
    garments = read_garments(request)
    chosen = read_sent(request).get("shelf", "")
    if request.method == "POST" and chosen and garments:
        return put_on(request, get_shelf(request, read_key(chosen) or UUID(int=0)), garments)
    context = {
        "garments": garments,
        "shelves": page.list_own_shelves(request.user),
        "form": ShelfForm(),
        "member": find_member(request.user),
    }
    return render(request, "wardrobe/household/choose.html", context)


def put_on(
    request: AuthenticatedHttpRequest, shelf: Shelf, garments: list[Garment]
) -> HttpResponse:
    try:
        new = shelves.put_on_shelf(shelf, garments)
    except ShelfFullError:
        messages.error(request, _("The shelf is full. Make another one."))
        return redirect("wardrobe:shelf", shelf.pk)
    if is_undo(request):
        shelves.ask_again(request.user, read_sent(request).getlist("asked"))
    count, address = len(new), reverse("wardrobe:shelf-take-off", args=[shelf.pk])
    undo = offer_undo(request, address, {"garment": name_keys(new)}) if new else ""
    said = ngettext(
        "%(count)d piece is on “%(shelf)s” now.", "%(count)d pieces are on “%(shelf)s” now.", count
    )
    messages.success(request, said % {"count": count, "shelf": shelf.name}, extra_tags=undo)
    return redirect("wardrobe:shelf", shelf.pk)
