"""The page of somebody else's piece, and asking for it, lending it, giving it back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.acts.undoing import is_undo, offer_undo, read_sent, say_undone
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from wardrobe.household import loans, page
from wardrobe.household.loans import NotSharedError
from wardrobe.household.pages import get_member
from wardrobe.household.shelves import ask_again, may_borrow
from wardrobe.models import Care, Garment, LoanRequest, Member
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
        messages.success(
            request, said % owner, extra_tags=undo_asking(request, member, garment, loan)
        )
    return redirect("wardrobe:household-piece", garment.pk)


def undo_asking(
    request: AuthenticatedHttpRequest, member: Member, garment: Garment, loan: Care | None
) -> str:
    if loan:
        address = reverse("wardrobe:household-back", args=[garment.pk])
        return offer_undo(request, address, {"never": str(loan.pk)})
    asked = member.loan_requests.filter(garment=garment).first()
    return reverse("wardrobe:loan-drop", args=[asked.pk]) if asked else ""


@require_POST
@login_required
def give_back(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """By whoever has it. An undo brings it back to them, or makes that it never came (`never`)."""
    garment, sent = get_piece(request, garment_id), read_sent(request)
    if is_undo(request):
        undo_giving(request, garment, sent)
    elif care := loans.give_back(garment, request.user):
        undo = offer_undo(request, request.path, {"back": str(care.pk)})
        said = _("Given back. It is in its owner’s answers again.")
        messages.success(request, said, extra_tags=undo)
    return redirect("wardrobe:household")


def undo_giving(request: AuthenticatedHttpRequest, garment: Garment, sent: QueryDict) -> None:
    if "never" in sent:
        is_undone = loans.take_never(garment, request.user, key=sent.get("never", ""))
    else:
        is_undone = loans.take_again(garment, request.user, key=sent.get("back", ""))
    if is_undone:
        say_undone(request)
    else:
        messages.error(request, TAKEN)


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
        address = reverse("wardrobe:loan-undo", args=[care.pk])
        undo = offer_undo(request, address, {"asked": f"{wish.member_id}:{garment.pk}"})
        said = _("Lent to %(name)s: %(piece)s. The stylist waits until it is back.")
        messages.success(request, said % {"name": name, "piece": call(garment)}, extra_tags=undo)
    return redirect("wardrobe:household")


@require_POST
@login_required
def drop_request(request: AuthenticatedHttpRequest, request_id: int) -> HttpResponse:
    """Declined by the piece's owner, or withdrawn by whoever asked. An undo asks again."""
    if is_undo(request):
        sent = read_sent(request)
        owner = get_object_or_404(User, pk=sent.get("owner"))
        if ask_again(owner, sent.getlist("asked")):
            say_undone(request)
        else:
            messages.error(request, _("That could not be taken back any more."))
        return redirect("wardrobe:household")
    wishes = LoanRequest.objects.filter(
        Q(garment__owner=request.user) | Q(member__user=request.user)
    )
    wish = get_object_or_404(wishes.select_related("member", "garment"), pk=request_id)
    is_own = wish.member.user_id == request.user.pk
    wish.delete()
    former = {
        "owner": str(wish.garment.owner_id),
        "asked": f"{wish.member_id}:{wish.garment_id}",
    }
    undo = offer_undo(request, request.path, former)
    messages.success(request, _("Withdrawn.") if is_own else _("Declined."), extra_tags=undo)
    return redirect("wardrobe:household")


@require_POST
@login_required
def undo_loan(request: AuthenticatedHttpRequest, care_id: int) -> HttpResponse:
    """By the piece's owner: as if it had never gone; who asked for it asks again."""
    sent = read_sent(request)
    lent = request.user.cares.exclude(borrower=None).select_related("garment__owner")
    undo_care(get_object_or_404(lent, pk=care_id))
    ask_again(request.user, sent.getlist("asked") if is_undo(request) else [])
    messages.success(request, _("Taken back."))
    return redirect("wardrobe:household")
