from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from styling.numbers.jobs import find_counted
from styling.numbers.page import read_numbers
from styling.numbers.reading import SPANS
from wardrobe.services.wears import count_plans_come


@require_safe
@login_required
def show_numbers(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The wardrobe in figures, of this season unless `?span=` is "year" or "all"."""
    count_plans_come(request.user)
    span = request.GET.get("span", "")
    page = read_numbers(request.user, span if span in SPANS else "season")
    context = {"page": page, "spans": SPANS, "counted": find_counted(request.user)}
    return render(request, "styling/numbers.html", context)


@require_safe
@login_required
def show_missing(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What one piece more would make possible, once it is counted."""
    context = {"counted": find_counted(request.user)}
    return render(request, "styling/_numbers_missing.html", context)
