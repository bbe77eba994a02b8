from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.acts.undoing import is_undo, offer_undo, read_sent
from accounts.days import say_day
from accounts.http import AuthenticatedHttpRequest, read_key
from feedback.forms.ratings import RatingForm, SwapForm
from feedback.learning.preferences import read_choices
from feedback.models import Rating
from feedback.selectors import list_swaps
from feedback.services import ratings
from feedback.services.ratings import NothingInsteadError, NothingToRateError
from styling.models import Suggestion
from styling.services import requests
from styling.services.requests import NothingToWearError
from styling.views import get_suggestion, render_outfit


@require_POST
@login_required
def rate_outfit(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """Wear it, or say what is off and perhaps see another."""
    suggestion = get_object_or_404(Suggestion.objects.for_owner(request.user), pk=suggestion_id)
    form = RatingForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return render_outfit(request, get_suggestion(request, suggestion_id), rating=form)
    data, undo = form.cleaned_data, offer_former(request, suggestion)
    try:
        ratings.rate_outfit(
            suggestion=suggestion,
            verdict=Rating.Verdict(data["verdict"]),
            reasons=data["reasons"],
            comment=data["comment"],
        )
    except NothingToRateError:
        messages.error(request, _("There is no outfit here yet to say that of."))
        return redirect("styling:outfit-detail", suggestion.pk)
    messages.success(request, describe_verdict(suggestion, data["verdict"]), extra_tags=undo)
    if data["then"] == "another":
        return show_another(request, suggestion, data["request_key"] or uuid4())
    return redirect("styling:outfit-detail", suggestion.pk)


def offer_former(request: HttpRequest, suggestion: Suggestion, *, page: str = "") -> str:
    """The undo of what is said next: all that is said now; `page` is "instead" for where that is said."""
    address = reverse("feedback:withdraw-verdict", args=[suggestion.pk])
    return offer_undo(request, address, describe_former(suggestion) | {"page": page})


def describe_former(suggestion: Suggestion) -> dict[str, str | list[str]]:
    """All that is said of it now, as fields; `read_former` reads them."""
    said = ratings.read_said(suggestion)
    return {
        "verdict": said.verdict,
        "reasons": list(said.reasons),
        "comment": said.comment,
        "instead": [str(key) for key in said.instead],
        "replaces": "1" if said.replaces else "",
    }


@require_http_methods(["GET", "POST"])
@login_required
def wear_instead(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """What was worn in the place of an outfit, a piece at a time."""
    suggestion = get_object_or_404(Suggestion.objects.for_owner(request.user), pk=suggestion_id)
    if not suggestion.pieces.exists():
        messages.error(request, _("There is no outfit here yet to say that of."))
        return redirect("styling:outfit-detail", suggestion.pk)
    if request.method == "GET":
        asked = request.GET
        swaps = list_swaps(suggestion, all_of=asked.get("all", ""), number=asked.get("page", ""))
        context = {"suggestion": suggestion, "swaps": swaps}
        return render(request, "feedback/worn_instead.html", context)
    form = SwapForm(request.POST, suggestion=suggestion)
    try:
        if form.is_valid():
            keep_swap(request, suggestion, form)
        else:
            messages.error(request, _("That could not be understood. Choose again."))
    except NothingToRateError:
        messages.error(request, _("There is no outfit here yet to say that of."))
        return redirect("styling:outfit-detail", suggestion.pk)
    return redirect("feedback:wear-instead", suggestion.pk)


def keep_swap(request: HttpRequest, suggestion: Suggestion, form: SwapForm) -> None:
    """Keep what was worn; what is the outfit again was not worn instead of it."""
    undo = offer_former(request, suggestion, page="instead")
    try:
        ratings.wear_instead(suggestion=suggestion, garments=form.garments)
    except NothingInsteadError:
        ratings.forget_worn_instead(suggestion)
    messages.success(request, _("Noted. It counts towards what comes."), extra_tags=undo)


def show_another(
    request: AuthenticatedHttpRequest, previous: Suggestion, request_key: UUID
) -> HttpResponse:
    try:
        another = requests.open_another(previous=previous, request_key=request_key)
    except NothingToWearError:
        messages.error(request, _("There is nothing else that can be worn now."))
        return redirect("styling:ask")
    return redirect("styling:outfit-detail", another.pk)


def describe_verdict(suggestion: Suggestion, verdict: str) -> str:
    """Where learning is switched off, a next answer knows nothing of it."""
    day, today = suggestion.event.date, suggestion.owner.today
    if verdict == Rating.Verdict.REJECTED:
        is_learning = read_choices(suggestion.owner).is_on
        return _("Noted. The next answer knows it.") if is_learning else _("Noted.")
    if day > today:
        said = _("Planned for %(day)s. It counts as worn on that day.")
        return said % {"day": say_day(day, today=today)}
    return _("Noted as worn. It counts towards what comes again.")


@require_POST
@login_required
def withdraw_verdict(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """Not wearing it after all, which is no word against it; or not turning it down after all. Of an undo, what was said
    before."""
    suggestion = get_object_or_404(Suggestion.objects.for_owner(request.user), pk=suggestion_id)
    sent = read_sent(request)
    said, undo = read_former(sent), ""
    try:
        if is_undo(request):
            ratings.put_back(suggestion, said)
        else:
            undo = offer_former(request, suggestion)
            ratings.withdraw_verdict(suggestion)
    except (NothingToRateError, NothingInsteadError):
        messages.error(request, _("There is no outfit here yet to say that of."))
    else:
        taken_back = _("Taken back. It counts neither for the outfit nor against it.")
        is_said = bool(said.verdict or said.instead)
        messages.success(
            request, _("As it was before.") if is_said else taken_back, extra_tags=undo
        )
    page = "feedback:wear-instead" if sent.get("page") == "instead" else "styling:outfit-detail"
    return redirect(page, suggestion.pk)


def read_former(sent: QueryDict) -> ratings.Said:
    keys = (read_key(text) for text in sent.getlist("instead"))
    return ratings.Said(
        verdict=sent.get("verdict", ""),
        reasons=tuple(sent.getlist("reasons")),
        comment=sent.get("comment", ""),
        instead=tuple(key for key in keys if key),
        replaces=bool(sent.get("replaces")),
    )
