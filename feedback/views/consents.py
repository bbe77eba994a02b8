"""A wearer's consent, on their own page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedHttpRequest
from feedback.leaving import describe_knowing
from feedback.services.consents import give_consent, withdraw_consent

TAKEN_BACK = gettext_lazy("Taken back. From now on nothing new is made of what is yours.")


@require_POST
@login_required
def set_consent(request: AuthenticatedHttpRequest) -> HttpResponse:
    """`consent=yes` gives it; anything else takes it back."""
    if request.POST.get("consent") == "yes":
        give_consent(request.user)
        messages.success(request, _("Thank you. You can take it back here at any time."))
    else:
        withdraw_consent(request.user)
        known = describe_knowing(request.user)
        messages.success(request, " ".join([str(TAKEN_BACK), *known]))
    return redirect("styling:profile")
