"""The page of somebody else's piece, and asking for it, lending it, giving it back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from wardrobe.household import loans, page
from wardrobe.household.loans import NotSharedError
from wardrobe.household.pages import get_member
from wardrobe.household.shelves import may_borrow
from wardrobe.models import Garment, LoanRequest
from wardrobe.services.care import AllAwayError, undo_care
from wardrobe.services.garments import call

TAKEN = gettext_lazy("It is with somebody, in the wash or in repair just now.")


def get_piece(request: AuthenticatedHttpRequest, garment_id: UUID) -> Garment:
    """A piece of somebody else that the wearer may look at; any other is not found."""
    garments = Garment.objects.seen_by(request.user).exclude(owner=request.user)
    return get_object_or_404(garments.select_related("owner"), pk=garment_id)


@require_safe
@login_required
def show_piece(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """Read-only. One's own has its page in the wardrobe."""
    if Garment.objects.for_owner(request.user).filter(pk=garment_id).exists():
        return redirect("wardrobe:garment-detail", garment_id)
    member = get_member(request)
    garment = get_piece(request, garment_id)
    asks_first = garment.owner.membership.asks_first
    (shown,) = page.show_pieces(request.user, [garment])
    context = {
        "shown": shown,
        "garment": shown.garment,
        "owner_asks_first": asks_first,
        "may_wear": may_borrow(request.user).filter(pk=garment.pk).exists(),
        "asked": member.loan_requests.filter(garment=garment).first(),
    }
    return render(request, "wardrobe/household/piece.html", context)


@require_POST
@login_required
def ask_for(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """Asks its owner; where they lend without being asked, it is lent."""
    member, garment = get_member(request), get_piece(request, garment_id)
    try:
        loan = loans.ask_for(garment, member)
    except NotSharedError:
        messages.error(request, _("You may look at it, and not wear it."))
    except AllAwayError:
        messages.error(request, TAKEN)
    else:
        owner = {"owner": garment.owner.membership.name}
        said = (
            _("It is with you now. %(owner)s sees that you have it.")
            if loan
            else _("Asked. %(owner)s sees it in the household.")
        )
        messages.success(request, said % owner)
    return redirect("wardrobe:household-piece", garment.pk)


@require_POST
@login_required
def give_back(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    garment = get_piece(request, garment_id)
    if loans.give_back(garment, request.user):
        messages.success(request, _("Given back. It is in its owner’s answers again."))
    return redirect("wardrobe:household")


@require_POST
@login_required
def lend(request: AuthenticatedHttpRequest, request_id: int) -> HttpResponse:
    """By the piece's owner. It can be undone like any entry of the piece's log."""
    asked = LoanRequest.objects.filter(garment__owner=request.user)
    wish = get_object_or_404(asked.select_related("garment__owner", "member__user"), pk=request_id)
    garment, name = wish.garment, wish.member.name
    try:
        care = loans.lend(garment, to=wish.member)
    except AllAwayError:
        messages.error(request, TAKEN)
    else:
        undo = reverse("wardrobe:loan-undo", args=[care.pk])
        said = _("Lent to %(name)s: %(piece)s. The stylist waits until it is back.")
        messages.success(request, said % {"name": name, "piece": call(garment)}, extra_tags=undo)
    return redirect("wardrobe:household")


@require_POST
@login_required
def drop_request(request: AuthenticatedHttpRequest, request_id: int) -> HttpResponse:
    """Declined by the piece's owner, or withdrawn by whoever asked."""
    wishes = LoanRequest.objects.filter(
        Q(garment__owner=request.user) | Q(member__user=request.user)
    )
    wish = get_object_or_404(wishes.select_related("member"), pk=request_id)
    is_own = wish.member.user_id == request.user.pk
    wish.delete()
    messages.success(request, _("Withdrawn.") if is_own else _("Declined."))
    return redirect("wardrobe:household")


@require_POST
@login_required
def undo_loan(request: AuthenticatedHttpRequest, care_id: int) -> HttpResponse:
    """By the piece's owner: as if it had never gone."""
    lent = request.user.cares.exclude(borrower=None).select_related("garment__owner")
    undo_care(get_object_or_404(lent, pk=care_id))
    messages.success(request, _("Taken back."))
    return redirect("wardrobe:household")
