"""Planned outfits against the sky: what the forecast of now asks of them, by the stylist's own rules of comfort."""

import time
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from styling.history.skies import find_snapshot
from styling.models import Plan, Suggestion
from styling.services.contexts import build_context
from styling.services.pictures import list_garments
from styling.services.profiles import get_profile
from styling.services.requests import find_offered, read_forecast
from styling.stylist.comfort import read_comfort
from styling.stylist.context import OutfitContext
from styling.stylist.judgement import (
    LIGHT,
    OPEN_SHOES,
    UNCOVERED,
    WARM,
    Judgement,
    judge_outfit,
)
from styling.stylist.shortlist import keeps_rain_off
from styling.weather.model import WeatherSnapshot
from styling.weather.open_meteo import FORECAST_DAYS, NoForecastError

CHECKED_AT_ONCE = 300
CHECKING_S = 120.0
AT_ONCE = 100
"""Rows that are in memory at a time."""
CHECKED_EVERY = timedelta(hours=3)
"""Forecast models are run every one to six hours."""
Turned = Plan.Turned


def check_plan(suggestion: Suggestion) -> Plan | None:
    """Compare a planned outfit with the forecast of now; None where there is no forecast, and then nothing is written."""
    try:
        weather = read_forecast(suggestion)
    except NoForecastError:
        return None
    return keep_comparison(suggestion, weather)


def keep_comparison(suggestion: Suggestion, weather: WeatherSnapshot) -> Plan:
    """What is kept all the same stays so until the sky turns otherwise, and so does what was told."""
    turned = compare(suggestion, weather)
    plan, _ = Plan.objects.get_or_create(
        suggestion=suggestion, defaults={"owner": suggestion.owner}
    )
    if turned != plan.turned:
        plan.turned, plan.is_kept, plan.told_at = turned, False, None
        plan.changed_at = timezone.now()
    plan.forecast, plan.checked_at = weather.to_json(), timezone.now()
    plan.save(
        update_fields=["turned", "is_kept", "told_at", "changed_at", "forecast", "checked_at"]
    )
    return plan


def compare(suggestion: Suggestion, weather: WeatherSnapshot) -> Turned:
    """What the new weather asks of an outfit that the one it was made in did not; nothing where the wardrobe has
    nothing better."""
    worn = list_garments(suggestion)
    others = list(find_offered(suggestion).exclude(pk__in=[garment.pk for garment in worn]))
    before = build_context(suggestion, [*worn, *others])
    after = replace(before, weather=weather)
    keys = {str(garment.pk) for garment in worn}
    return find_turn(
        judge(before, keys), judge(after, keys), after, is_wet=read_comfort(after).is_wet
    )


def judge(context: OutfitContext, keys: set[str]) -> Judgement:
    return judge_outfit([piece for piece in context.wardrobe if piece.id in keys], context)


def find_turn(
    before: Judgement, after: Judgement, context: OutfitContext, *, is_wet: bool
) -> Turned:
    """Rain first: it is mended by one piece."""
    if is_wet and after.rain in {UNCOVERED, OPEN_SHOES} and after.rain != before.rain:
        mends = any(
            piece.slot == "shoes" and piece.closed
            if after.rain == OPEN_SHOES
            else keeps_rain_off(piece) or "rain" in piece.use
            for piece in context.wardrobe
        )
        if mends:
            return Turned.WETTER
    if after.warmth == before.warmth or after.is_utmost:
        return Turned.NOT
    return {LIGHT: Turned.COLDER, WARM: Turned.WARMER}.get(after.warmth, Turned.NOT)


def foresee(suggestion: Suggestion, day: date) -> Turned | None:
    """What a move to `day` would ask, by the stored forecast; None where there is none for it."""
    profile = get_profile(suggestion.owner)
    weather = find_snapshot(suggestion.event, day, sensitivity=profile.sensitivity)
    return compare(suggestion, weather) if weather else None


def check_stored(suggestion: Suggestion) -> Plan | None:
    """As `check_plan`, without a request: for what somebody waits for."""
    event = suggestion.event
    profile = get_profile(suggestion.owner)
    weather = find_snapshot(event, event.date, sensitivity=profile.sensitivity)
    return keep_comparison(suggestion, weather) if weather else None


def list_due() -> QuerySet[Suggestion]:
    """Plans that a forecast reaches and that were not compared for three hours, those that waited longest first."""
    now = timezone.now()
    near = now.date() - timedelta(days=1), now.date() + timedelta(days=FORECAST_DAYS)
    waited = Q(plan=None) | Q(plan__checked_at=None) | Q(plan__checked_at__lt=now - CHECKED_EVERY)
    return (
        Suggestion.objects.filter(
            waited, verdict=Suggestion.Verdict.ACCEPTED, event__date__range=near
        )
        .exclude(event__latitude=None)
        .select_related("event", "owner")
        .order_by(F("plan__checked_at").asc(nulls_first=True), "event__date")
    )


def check_due(*, limit: int = CHECKED_AT_ONCE, seconds: float = CHECKING_S) -> list[UUID]:
    """Compare plans that are due, at most `limit` and for as many seconds; answers with those that turned.

    Those for which there is no forecast, such as those that are over, stand in nobody's way.
    """
    until, compared = time.monotonic() + seconds, 0
    turned = []
    for suggestion in list_due().iterator(chunk_size=AT_ONCE):
        plan = check_plan(suggestion)
        compared += plan is not None
        if plan and plan.wants_another:
            turned.append(suggestion.pk)
        if compared >= limit or time.monotonic() > until:
            break
    return turned
