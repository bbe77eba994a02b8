"""A piece of an answer: swapped, kept, or never wanted for such an occasion."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from styling.models import LeftOut, Suggestion
from styling.services import swaps
from styling.services.left_out import leave_out
from styling.services.swaps import NoSwapError
from styling.templatetags.styling_words import event_name
from styling.views import get_suggestion
from wardrobe.household.seeing import show_borrowed
from wardrobe.models import Garment
from wardrobe.services.garments import call


@require_safe
@login_required
def show_piece(
    request: AuthenticatedHttpRequest, suggestion_id: UUID, garment_id: UUID
) -> HttpResponse:
    """The sheet of a piece; a page of its own for browsers without scripts."""
    suggestion = get_suggestion(request, suggestion_id)
    garment = get_piece(suggestion, garment_id)
    can_swap = suggestion.status != Suggestion.Status.OPEN and not suggestion.verdict
    alternatives = swaps.list_alternatives(suggestion, garment_id) if can_swap else []
    context = {
        "suggestion": suggestion,
        "garment": garment,
        "alternatives": alternatives,
        "can_swap": can_swap,
        "request_key": uuid4(),
    }
    name = "styling/_piece.html" if request.htmx else "styling/piece.html"
    return render(request, name, context)


def get_piece(suggestion: Suggestion, garment_id: UUID) -> Garment:
    """A garment of the outfit; any other is not found."""
    pieces = suggestion.pieces.select_related("garment__photo")
    garment = get_object_or_404(pieces, garment=garment_id).garment
    return show_borrowed(suggestion.owner, [garment])[0]


@require_POST
@login_required
def swap_piece(
    request: AuthenticatedHttpRequest, suggestion_id: UUID, garment_id: UUID
) -> HttpResponse:
    """`new` takes its place; "any" leaves the choice to the stylist."""
    suggestion = get_suggestion(request, suggestion_id)
    old = get_piece(suggestion, garment_id)
    try:
        new = read_choice(request.POST.get("new", ""), suggestion, garment_id)
        swaps.swap_piece(suggestion, old=garment_id, new=new)
    except NoSwapError:
        messages.error(request, _("That piece does not fit there any more. Choose another."))
    else:
        name = call(get_piece(suggestion, new))
        address = reverse("styling:outfit-unswap", args=[suggestion.pk])
        messages.success(
            request,
            _("In: %(new)s. Out: %(old)s.") % {"new": name, "old": call(old)},
            extra_tags=address,
        )
    return redirect("styling:outfit-detail", suggestion.pk)


def read_choice(text: str, suggestion: Suggestion, old: UUID) -> UUID:
    """Raises NoSwapError."""
    if text == "any":
        fitting = swaps.list_alternatives(suggestion, old)
        if not fitting:
            raise NoSwapError
        return fitting[0].garment.pk
    try:
        return UUID(text)
    except ValueError:
        raise NoSwapError from None


@require_POST
@login_required
def undo_swap(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    suggestion = get_suggestion(request, suggestion_id)
    try:
        is_undone = swaps.undo_swap(suggestion)
    except NoSwapError:
        is_undone = False
    if is_undone:
        messages.success(request, _("As it was."))
    else:
        messages.error(request, _("That could not be taken back any more."))
    return redirect("styling:outfit-detail", suggestion.pk)


@require_POST
@login_required
def leave_piece_out(
    request: AuthenticatedHttpRequest, suggestion_id: UUID, garment_id: UUID
) -> HttpResponse:
    """Never for this occasion, until that is taken back."""
    suggestion = get_suggestion(request, suggestion_id)
    garment = get_piece(suggestion, garment_id)
    one = leave_out(garment, owner=request.user, kind=suggestion.event.kind)
    occasion = event_name(suggestion.event.kind)
    messages.success(
        request,
        _("%(piece)s is left out of the next answers for this: %(occasion)s.")
        % {"piece": call(garment), "occasion": occasion},
        extra_tags=reverse("styling:left-out-undo", args=[one.pk]),
    )
    return redirect("styling:outfit-detail", suggestion.pk)


@require_POST
@login_required
def undo_left_out(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(LeftOut, owner=request.user, pk=pk).delete()
    messages.success(request, _("It may be worn to that again."))
    return redirect("styling:profile")
