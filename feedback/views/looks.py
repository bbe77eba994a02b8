from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from feedback.models import Rating
from feedback.services import ratings
from styling.models import Look
from styling.services import looks
from styling.services.looks import EmptyLookError


@require_POST
@login_required
def wear_look(request: AuthenticatedHttpRequest, look_id: UUID) -> HttpResponse:
    """Wear a kept look today: it is an outfit of today, and counts as worn."""
    owned = Look.objects.for_owner(request.user).select_related("owner", "suggestion__event")
    look = get_object_or_404(owned, pk=look_id)
    kind = look.suggestion.event.kind if look.suggestion else looks.KIND
    try:
        suggestion = looks.wear_look(look, day=request.user.today, kind=kind)
    except EmptyLookError:
        messages.error(request, _("No piece of it is left."))
        return redirect("styling:look-detail", look.pk)
    ratings.rate_outfit(suggestion=suggestion, verdict=Rating.Verdict.ACCEPTED)
    undo = reverse("feedback:withdraw-verdict", args=[suggestion.pk])
    messages.success(request, _("You wear %(name)s today.") % {"name": look.name}, extra_tags=undo)
    return redirect("styling:outfit-detail", suggestion.pk)
