"""Moving, copying and calling off outfits in the calendar; each says what it did, with its undo."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect
from django_stubs_ext import StrOrPromise

from accounts.days import say_day
from accounts.http import AuthenticatedHttpRequest
from feedback.services import plans
from feedback.services.plans import NoSuchDayError, NotPlannedError
from styling.history.skies import Sky, read_skies
from styling.models import Plan, Suggestion
from styling.services import requests
from styling.services.plans import foresee
from styling.services.profiles import get_profile
from styling.services.requests import NothingToWearError
from styling.views import get_suggestion, read_day

DAYS_OFFERED = 14
JUDGED_DAYS = 7
"""Of so many days it is said how the outfit would do under their sky: each takes a few milliseconds."""
NOT_PLANNED = gettext_lazy("That outfit is not planned any more.")
NO_SUCH_DAY = gettext_lazy("Choose a day from today to a year ahead.")
TURNS = {
    Plan.Turned.COLDER: gettext_lazy("It would be too light for that day."),
    Plan.Turned.WARMER: gettext_lazy("It would be too warm for that day."),
    Plan.Turned.WETTER: gettext_lazy("It would not keep the rain off that day."),
}


@dataclass(frozen=True)
class Target:
    """A day that an outfit may go to: what is planned there for the same hours, its sky, and what that would ask."""

    date: date
    said: str
    swapped: Suggestion | None = None
    sky: Sky | None = None
    turn: str = ""


@require_http_methods(["GET", "POST"])
@login_required
def move(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """The days to move to, as a list; with `day` it goes there."""
    suggestion = get_suggestion(request, suggestion_id)
    if request.method == "GET":
        return show_targets(request, suggestion)
    day = read_asked_day(request)
    if day is None:
        return show_targets(request, suggestion, error=NO_SUCH_DAY)
    try:
        done = plans.move_plan(suggestion, day=day)
    except NotPlannedError:
        messages.error(request, NOT_PLANNED)
        return show_calendar(day)
    except NoSuchDayError:
        return show_targets(request, suggestion, error=NO_SUCH_DAY)
    if done.left != day:
        undo = f"{reverse('feedback:move-plan', args=[suggestion.pk])}?day={done.left.isoformat()}"
        messages.success(request, say_move(suggestion, day, done), extra_tags=undo)
    return show_calendar(day)


def say_move(suggestion: Suggestion, day: date, done: plans.Move) -> str:
    today = suggestion.owner.today
    said = _("Moved to %(day)s.") % {"day": say_day(day, today=today)}
    if done.swapped:
        left = say_day(done.left, today=today)
        said = f"{said} {_('What was planned there is on %(day)s now.') % {'day': left}}"
    plan = Plan.objects.filter(suggestion=suggestion).first()
    turn = TURNS.get(Plan.Turned(plan.turned)) if plan and plan.turned else None
    return f"{said} {turn}" if turn else said


def read_asked_day(request: AuthenticatedHttpRequest) -> date | None:
    """The day that was chosen in the list, or typed below it, or that an undo goes back to."""
    asked = request.POST.get("day") or request.GET.get("day", "")
    return read_day(request.POST.get("other", "") if asked == "other" else asked)


def show_targets(
    request: AuthenticatedHttpRequest, suggestion: Suggestion, *, error: StrOrPromise = ""
) -> HttpResponse:
    """Raises nothing: an outfit that is not planned any more has no days to go to."""
    today = request.user.today
    is_planned = suggestion.verdict == Suggestion.Verdict.ACCEPTED
    if not is_planned or suggestion.event.date < today:
        messages.error(request, NOT_PLANNED)
        there = show_calendar(suggestion.event.date)
        return HttpResponseClientRedirect(there["Location"]) if request.htmx else there
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_OFFERED)]
    days = [day for day in days if day != suggestion.event.date]
    skies = read_skies(get_profile(request.user), days)
    targets = [describe_target(suggestion, day, skies.get(day)) for day in days]
    farthest = today + plans.FARTHEST
    context = {
        "suggestion": suggestion,
        "targets": targets,
        "today": today,
        "farthest": farthest,
        "error": error,
    }
    name = "feedback/_move_plan.html" if request.htmx else "feedback/move_plan.html"
    return render(request, name, context, status=422 if error else 200)


def describe_target(suggestion: Suggestion, day: date, sky: Sky | None) -> Target:
    is_near = day <= suggestion.owner.today + timedelta(days=JUDGED_DAYS)
    turned = foresee(suggestion, day) if sky and is_near else None
    return Target(
        day,
        say_day(day, today=suggestion.owner.today),
        plans.find_in_the_way(suggestion, day),
        sky,
        str(TURNS.get(turned, "")) if turned else "",
    )


@require_POST
@login_required
def copy(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """The same on another day, too: today unless `day` says which."""
    suggestion = get_suggestion(request, suggestion_id)
    day = read_day(request.POST.get("day", "")) or request.user.today
    try:
        key = UUID(request.POST.get("request_key") or str(uuid4()))
        made = plans.copy_plan(suggestion, day=day, request_key=key)
    except ValueError:
        return HttpResponse("A request needs its key.", status=400)
    except (NotPlannedError, NoSuchDayError):
        messages.error(request, NO_SUCH_DAY)
        return show_calendar(suggestion.event.date)
    messages.success(
        request,
        _("The same on %(day)s.") % {"day": say_day(day, today=request.user.today)},
        extra_tags=reverse("feedback:undo-copy", args=[made.pk]),
    )
    return show_calendar(day)


@require_POST
@login_required
def undo_copy(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    suggestion = get_suggestion(request, suggestion_id)
    day = suggestion.event.date
    if plans.remove_copy(suggestion):
        messages.success(request, _("Taken back."))
    return show_calendar(day)


@require_POST
@login_required
def call_off(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    suggestion = get_suggestion(request, suggestion_id)
    try:
        plans.call_off(suggestion)
    except NotPlannedError:
        messages.error(request, NOT_PLANNED)
    else:
        undo = reverse("feedback:restore-plan", args=[suggestion.pk])
        messages.success(
            request, _("Called off. It counts neither for it nor against it."), extra_tags=undo
        )
    return show_calendar(suggestion.event.date)


@require_POST
@login_required
def restore(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    suggestion = get_suggestion(request, suggestion_id)
    try:
        plans.restore_plan(suggestion)
    except NotPlannedError:
        messages.error(request, NOT_PLANNED)
    else:
        messages.success(request, _("It is on again."))
    return show_calendar(suggestion.event.date)


@require_POST
@login_required
def keep(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """Wear it all the same; `?undo` takes that back."""
    suggestion = get_suggestion(request, suggestion_id)
    is_kept = "undo" not in request.GET
    plans.keep_plan(suggestion, is_kept=is_kept)
    if is_kept:
        undo = f"{reverse('feedback:keep-plan', args=[suggestion.pk])}?undo"
        messages.success(request, _("Kept as it is."), extra_tags=undo)
    return show_calendar(suggestion.event.date)


@require_POST
@login_required
def ask_anew(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """Another outfit for the sky of now. The planned one stays until that is chosen."""
    suggestion = get_suggestion(request, suggestion_id)
    try:
        key = UUID(request.POST.get("request_key") or str(uuid4()))
        another = requests.open_anew(previous=suggestion, request_key=key)
    except ValueError:
        return HttpResponse("A request needs its key.", status=400)
    except NothingToWearError:
        messages.error(request, _("There is nothing else that can be worn now."))
        return show_calendar(suggestion.event.date)
    return redirect("styling:outfit-detail", another.pk)


def show_calendar(day: date) -> HttpResponse:
    return redirect(reverse("styling:day", args=[day.isoformat()]))
