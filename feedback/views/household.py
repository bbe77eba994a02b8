"""Outfits shown to the household: for their owner a switch, for the others a page."""

import hashlib
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.acts.asking import ask_first, is_sure
from accounts.acts.undoing import read_sent, say_done
from accounts.http import AuthenticatedHttpRequest
from feedback.forms.household import OpinionForm
from feedback.models import HouseholdOpinion, ShownOutfit
from feedback.services import household as services
from feedback.services.ratings import NothingToRateError
from styling.sharing.drawing import Wish, plan_picture
from styling.views import get_suggestion
from wardrobe.household.members import find_member

A_PAGE = 6
WISH = Wish("square", with_line=False)


@require_POST
@login_required
def show_to_household(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """By its owner; with `hide` nobody of the household sees it any more. Asked first where something was said of it."""
    suggestion = get_suggestion(request, suggestion_id)
    if "hide" in read_sent(request):
        if services.list_opinions(suggestion) and not is_sure(request):
            return ask_first(
                request,
                title=_("Hide it from your household?"),
                words=_("What they said of it goes, too."),
                do=_("Hide it"),
                back=reverse("styling:outfit-detail", args=[suggestion.pk]),
                sent={"hide": "1"},
            )
        services.hide_outfit(suggestion)
        say_done(request, _("Only you see it now."), {"show": "1"})
    elif find_member(request.user) is None:
        messages.error(request, _("You are in no household."))
    else:
        try:
            services.show_outfit(suggestion)
        except NothingToRateError:
            messages.error(request, _("There is no outfit here yet to show."))
        else:
            said = _("Your household sees it, and may say what they think.")
            say_done(request, said, {"hide": "1"})
    return redirect("styling:outfit-detail", suggestion.pk)


def get_shown(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> ShownOutfit:
    """An outfit that somebody else of the household shows now; any other is not found."""
    return get_object_or_404(services.list_shown(request.user), pk=suggestion_id)


@require_safe
@login_required
def list_outfits(request: AuthenticatedHttpRequest) -> HttpResponse:
    return render_outfits(request)


def render_outfits(
    request: AuthenticatedHttpRequest,
    *,
    wrong: ShownOutfit | None = None,
    form: OpinionForm | None = None,
) -> HttpResponse:
    """With what was not understood of `wrong`."""
    page = Paginator(services.list_shown(request.user), A_PAGE).get_page(request.GET.get("page"))
    rows = []
    for shown in page:
        said = next(iter(shown.opinions.all()), None)
        words = OpinionForm(initial={"words": said.words if said else ""}, auto_id=f"{shown.pk}_%s")
        description = plan_picture(shown.suggestion, WISH).describe()
        rows.append((shown, said, form if form and shown == wrong else words, description))
    context = {"page": page, "rows": rows, "verdicts": HouseholdOpinion.Verdict.choices}
    status = 422 if form else 200
    return render(request, "feedback/household_outfits.html", context, status=status)


@require_safe
@login_required
def serve_picture(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """The outfit's own pieces as they lie, drawn anew: no other file of its owner's is opened to the household."""
    own = ShownOutfit.objects.filter(owner=request.user, pk=suggestion_id).first()
    shown = own or get_shown(request, suggestion_id)
    planned = plan_picture(shown.suggestion, WISH)
    made_of = "|".join(f"{one.pk} {one.updated_at.isoformat()}" for one in planned.garments)
    etag = f'"{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(planned.draw(), content_type="image/jpeg")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
@login_required
def say_opinion(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """One of them; said again it is changed, with `remove` taken back."""
    shown, sent = get_shown(request, suggestion_id), read_sent(request)
    said = shown.opinions.filter(rater=request.user).first()
    former = {"verdict": said.verdict, "words": said.words} if said else {"remove": "1"}
    if "remove" in sent:
        services.take_back(shown, request.user)
        say_done(request, _("Taken back."), former)
        return redirect("feedback:household-outfits")
    form = OpinionForm(sent, auto_id=f"{shown.pk}_%s")
    if not form.is_valid():
        return render_outfits(request, wrong=shown, form=form)
    services.say(shown, request.user, **form.cleaned_data)
    say_done(request, _("Said."), former)
    return redirect("feedback:household-outfits")
