"""Deleting one's own account, and the receipt of it."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedHttpRequest
from accounts.rate_limits import limit_posts
from feedback.forms.accounts import DeleteAccountForm
from feedback.leaving import OperatorStaysError, delete_account, describe_knowing, list_belongings

HOUR = 3600


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@login_required
@limit_posts("delete-account", limit=10, seconds=HOUR)
def delete_own_account(request: AuthenticatedHttpRequest) -> HttpResponse:
    """GET says what goes; POST deletes it and shows the receipt, the last page of this session."""
    user = request.user
    form = DeleteAccountForm(request.POST or None, user=user)
    if not form.is_valid():
        context = {
            "form": form,
            "belongings": list_belongings(user),
            "knowing": describe_knowing(user),
        }
        status = 422 if form.is_bound else 200
        return render(request, "feedback/delete_account.html", context, status=status)
    try:
        receipt = delete_account(user)
    except OperatorStaysError:
        messages.error(request, "An operator’s account stays: ask another operator to close it.")
        return redirect("styling:profile")
    logout(request)
    return render(request, "feedback/receipt.html", {"receipt": receipt, "email": user.email})
