"""The month with its week, and one day."""

from datetime import date, timedelta
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from styling.history import days as day_pages
from styling.history import months, skies
from styling.history.trips import outfits_of_trips
from styling.models import CalendarOccasion
from styling.services.profiles import get_profile
from styling.views import read_day, read_month

OTHERS_PER_PAGE = 12


@require_safe
@login_required
def show_month(request: AuthenticatedHttpRequest) -> HttpResponse:
    """A month of outfits, this one unless `?month=2026-11` or `?month=11&year=2026` names another, with the week of
    `?day=` beside it, which is today's unless it is said. With `?sky` the forecast is read before: that takes a moment,
    so the page asks for itself again where it is not stored.
    """
    today, profile = request.user.today, get_profile(request.user)
    asked = request.GET.get("month", ""), request.GET.get("year", "")
    chosen = read_day(request.GET.get("day", ""))
    month = read_month(*asked) or (chosen or today).replace(day=1)
    wants_sky = skies.wants_refresh(profile)
    if wants_sky and "sky" in request.GET:
        skies.refresh_skies(profile)
        wants_sky = False
    listed = months.list_days(request.user, month, today=today)
    day = chosen or (today if month == today.replace(day=1) else None)
    week = months.find_week(request.user, day, today=today) if day else []
    last_day = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    shown = {one.date for one in [*listed, *week] if one.date >= today and not one.is_out}
    others = [other for one in listed for other in one.others]
    context = {
        "month": month,
        "today": today,
        "days": listed,
        "weeks": months.list_weeks(listed),
        "week": week,
        "chosen": next((one for one in week if one.date == day), None),
        "counts": months.count_verdicts(listed),
        "others": Paginator(others, OTHERS_PER_PAGE).get_page(request.GET.get("page")),
        "away": outfits_of_trips(request.user, month, last_day).items(),
        "earlier": (month - timedelta(days=1)).replace(day=1),
        "later": last_day + timedelta(days=1),
        "jump": months.list_months(request.user, month, today=today),
        "skies": skies.read_skies(profile, shown),
        "occasions": list_occasion_days(request, shown),
        "wants_sky": wants_sky,
    }
    return render(request, "styling/history.html", context)


def list_occasion_days(request: AuthenticatedHttpRequest, shown: set[date]) -> set[date]:
    """The days on which the wearer's other calendars have something to dress for."""
    found = CalendarOccasion.objects.for_owner(request.user).filter(date__in=shown)
    return {*found.exclude(kind="").values_list("date", flat=True)}


@require_safe
@login_required
def show_day(request: AuthenticatedHttpRequest, day: str) -> HttpResponse:
    """One day, such as "2026-11-28". Raises Http404 for what is no day of our time."""
    found = read_day(day)
    if found is None:
        raise Http404
    today, profile = request.user.today, get_profile(request.user)
    context = {
        "day": day_pages.read_day(
            request.user,
            found,
            today=today,
            number=request.GET.get("page"),
            left=request.GET.get("left"),
        ),
        "today": today,
        "is_past": found < today,
        "away": outfits_of_trips(request.user, found, found).get(found, []),
        "earlier": found - timedelta(days=1),
        "later": found + timedelta(days=1),
        "place": profile.place,
        "sky": skies.read_skies(profile, [found]).get(found) if found >= today else None,
        "request_key": uuid4(),
    }
    return render(request, "styling/day.html", context)
