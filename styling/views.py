from datetime import date, timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.days import read_zone
from accounts.http import AuthenticatedHttpRequest
from styling import explanations, selectors
from styling.forms import MOODS, AskForm, EventTimeForm, read_pieces
from styling.models import Event, Look, Suggestion
from styling.services import pictures, requests
from styling.services.occasions import find_occasion
from styling.services.profiles import get_profile, keep_browser_zone, set_home
from styling.services.requests import NothingToWearError
from styling.stylist.saying import spoken
from styling.stylist.verdict import say_verdict
from styling.templatetags.styling_words import no_forecast
from styling.weather.open_meteo import FORECAST_DAYS, NoForecastError
from styling.weather.places import search_places
from wardrobe.household.shelves import uses_shelves
from wardrobe.services.basics import find_unsure
from wardrobe.views.photos import serve_file

NOTHING_TO_WEAR = gettext_lazy(
    "There is nothing here that can be worn yet. Add a few pieces first."
)


def get_suggestion(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> Suggestion:
    """The wearer's answer; somebody else's is not found."""
    suggestions = Suggestion.objects.for_owner(request.user)
    return get_object_or_404(
        suggestions.select_related("event", "owner", "call__version__prompt", "start_from"),
        pk=suggestion_id,
    )


@require_http_methods(["GET", "POST"])
@login_required
def ask(request: AuthenticatedHttpRequest) -> HttpResponse:
    if "pick" in request.POST:
        return show_picker(request)
    if request.method == "POST":
        return open_suggestion(request, AskForm(request.POST, owner=request.user))
    form = AskForm.fresh(
        owner=request.user,
        like=find_event(request),
        day=read_day(request.GET.get("day", "")),
        start_from=request.GET.get("start_from", ""),
        **find_pieces(request),
    )
    return show_ask(request, form)


def show_picker(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Pieces of a kind, to ask for or to leave out; the question is not asked yet. htmx gets the list alone."""
    form = AskForm.resume(request.POST, owner=request.user)
    if not request.htmx:
        return show_ask(request, form)
    return render(
        request, "styling/_ask_pieces.html", {"form": form, "picker": picker(request, form)}
    )


def picker(request: AuthenticatedHttpRequest, form: AskForm) -> selectors.Picker:
    return selectors.read_picker(request.user, **form.pieces, pick=request.POST.get("pick", ""))


def find_pieces(request: AuthenticatedHttpRequest) -> dict[str, list[str]]:
    """What was asked for and left out in an earlier answer that the wearer wants to change, else what the address names."""
    try:
        like = get_suggestion(request, UUID(request.GET["like"]))
    except (KeyError, ValueError):
        return read_pieces(request.GET)
    return {"keep": [*map(str, like.kept)], "without": [*map(str, like.without)]}


def find_event(request: AuthenticatedHttpRequest) -> Event | None:
    """The event of an earlier answer that the wearer wants to change, or what stands in their calendar."""
    if occasion := find_occasion(request.user, request.GET.get("occasion", "")):
        return occasion
    try:
        return get_suggestion(request, UUID(request.GET["like"])).event
    except (KeyError, ValueError):
        return None


def open_suggestion(request: AuthenticatedHttpRequest, form: AskForm) -> HttpResponse:
    if not form.is_valid():
        return show_ask(request, form, status=422)
    if not form.profile.place and form.event.place:
        set_home(form.profile, place=form.event.place)
    try:
        suggestion = requests.open_suggestion(
            owner=request.user,
            request_key=form.cleaned_data["request_key"],
            event=form.event,
            stated=form.stated_weather,
            start_from=form.cleaned_data["start_from"],
            keep=[piece.pk for piece in form.cleaned_data["keep"]],
            without=[piece.pk for piece in form.cleaned_data["without"]],
            own_only=form.own_only,
        )
    except NothingToWearError:
        form.add_error(None, ValidationError(NOTHING_TO_WEAR))
        return show_ask(request, form, status=422)
    return redirect("styling:outfit-detail", suggestion.pk)


def show_ask(request: AuthenticatedHttpRequest, form: AskForm, status: int = 200) -> HttpResponse:
    usual = AskForm.usual(owner=request.user)
    gaps = selectors.find_gaps(request.user)
    context = {
        "form": form,
        "usual": usual.say(),
        "moods": MOODS.items(),
        "picker": picker(request, form),
        "planned": selectors.list_chosen(request.user),
        "wardrobe": requests.describe_wearer(request.user),
        "gaps": gaps,
        "unsure": find_unsure(request.user, gaps),
        "starters": selectors.list_waiting_garments(request.user),
        "uses_shelves": uses_shelves(request.user),
        **selectors.find_overdue(request.user),
    }
    return render(request, "styling/ask.html", context, status=status)


@require_POST
@login_required
def dress_me(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The question that needs no choice; moods and a note may say more."""
    words = [word for word in request.POST.getlist("mood") if word in MOODS]
    note = ", ".join(filter(None, [request.POST.get("note", "").strip(), *words]))
    form = AskForm.usual(owner=request.user, note=note, key=request.POST.get("request_key", ""))
    return open_suggestion(request, form)


@require_safe
@login_required
def show_sky(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The day at a glance: its line and its hours, or why there are none."""
    form = AskForm.usual(owner=request.user)
    context: dict[str, object] = {"line": say_verdict(None, language=spoken())}
    try:
        if not form.is_valid():
            raise NoForecastError("Nobody says where.", "no_place")
        snapshot = requests.get_event_weather(form.event, sensitivity=form.profile.sensitivity)
        view = selectors.WeatherView(snapshot, form.profile.units)
        context = {"line": say_verdict(snapshot, language=spoken()), "bars": view.bars}
    except NoForecastError as error:
        context["why"] = f"{no_forecast(error.code)} {say_verdict(None, language=spoken())}"
    return render(request, "styling/_sky.html", context)


@require_safe
@login_required
def show_weather(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The weather of what the form says so far, or why there is none and what the wearer can do."""
    form = EventTimeForm(request.GET, owner=request.user)
    weather, why = None, ""
    if form.is_valid():
        try:
            snapshot = requests.get_event_weather(form.event, sensitivity=form.profile.sensitivity)
            weather = selectors.WeatherView(snapshot, form.profile.units)
        except NoForecastError as error:
            why = error.code
    else:
        why = "no_place" if "place" in form.errors else "incomplete"
    last_day = form.today + timedelta(days=FORECAST_DAYS - 1)
    context = {"form": form, "weather": weather, "why": why, "last_day": last_day}
    return render(request, "styling/_weather.html", context)


@require_safe
@login_required
def list_places(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Options for the place field, at most eight."""
    query = request.GET.get("place", "")[:120]
    return render(request, "styling/_places.html", {"places": search_places(query)})


@require_safe
@login_required
def show_outfit(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    return render_outfit(request, get_suggestion(request, suggestion_id))


def render_outfit(
    request: AuthenticatedHttpRequest, suggestion: Suggestion, *, rating: Form | None = None
) -> HttpResponse:
    """With a `rating` that was not understood, and what is wrong with it."""
    context = {
        "suggestion": suggestion,
        "outfit": selectors.read_outfit(suggestion),
        "why": explanations.explain_suggestion(suggestion),
        "request_key": uuid4(),
        "rating": rating,
    }
    status = 422 if rating else 200
    return render(request, "styling/outfit_detail.html", context, status=status)


@require_safe
@login_required
def explain_outfit(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    suggestion = get_suggestion(request, suggestion_id)
    context = {"suggestion": suggestion, "why": explanations.explain_suggestion(suggestion)}
    return render(request, "styling/_why.html", context)


@require_POST
@login_required
def ask_another(request: AuthenticatedHttpRequest, suggestion_id: UUID) -> HttpResponse:
    """The same event in the same weather, once more."""
    previous = get_suggestion(request, suggestion_id)
    try:
        key = UUID(request.POST.get("request_key", ""))
        keep = [UUID(text) for text in request.POST.getlist("keep")]
        another = requests.open_another(previous=previous, request_key=key, keep=keep)
    except ValueError:
        return HttpResponse("A request needs its key.", status=400)
    except NothingToWearError:
        messages.error(request, NOTHING_TO_WEAR)
        return redirect("styling:ask")
    return redirect("styling:outfit-detail", another.pk)


def read_month(text: str, year: str = "") -> date | None:
    """The first of a month such as "2026-11", or "11" and "2026"; None for anything else."""
    return read_day(f"{year}-{text:0>2}-01" if year else f"{text}-01")


def read_day(text: str) -> date | None:
    """A day such as "2026-11-23" of our time; None for anything else."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 <= day.year <= 2100 else None


@require_safe
def serve_picture(request: HttpRequest, outfit_id: UUID) -> HttpResponseBase:
    """The picture of an answer's outfit, or of a look. Not found for everyone but the owner."""
    owned = {"pk": outfit_id, "owner": request.user.pk}
    outfit = Suggestion.objects.filter(**owned).first() or get_object_or_404(Look, **owned)
    if pictures.hides_pieces(outfit):
        pictures.picture_outfit(outfit)
    elif pictures.is_stale(outfit):
        pictures.enqueue_picture(outfit)
    return serve_file(request, outfit.picture.name)


@require_POST
@login_required
def keep_time_zone(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The zone of the browser's clock: 200 where days begin by it from now on, 204 where nothing changes."""
    time_zone = read_zone(request.POST.get("time_zone", ""))
    if not time_zone:
        return HttpResponse(_("There is no such time zone."), status=400)
    is_new = keep_browser_zone(get_profile(request.user), time_zone=time_zone)
    return HttpResponse(status=200 if is_new else 204)
