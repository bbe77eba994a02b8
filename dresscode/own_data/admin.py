"""Deletions to read, and deleting somebody's account, which is for superusers alone."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods
from unfold.decorators import display

from accounts.models import User
from dresscode.own_data.erasure.scheduling import delete_by_superuser
from dresscode.own_data.forms import DeletePersonForm
from dresscode.own_data.jobs import enqueue_deletion
from dresscode.own_data.models import Deletion
from feedback.leaving import OperatorStaysError, describe_knowing, list_belongings
from registry.admin import ReadOnlyAdmin
from registry.admin.base import get_operator


@admin.register(Deletion)
class DeletionAdmin(ReadOnlyAdmin):
    """Which accounts went, or are to go, and what was removed with them."""

    list_display = ["account", "state", "who", "requested_at", "due_at", "finished_at"]
    list_filter = ["requested_at"]
    list_select_related = ["by"]
    fields = [
        "account",
        "state",
        "who",
        "requested_at",
        "due_at",
        "cancelled_at",
        "rows_deleted_at",
        "finished_at",
        "mailed_at",
        "removed",
    ]

    @display(description="Account")
    def account(self, deletion: Deletion) -> str:
        return f"Number {deletion.owner_key}"

    @display(
        description="State",
        label={"done": "success", "waits": "warning", "under way": "info", "taken back": "info"},
    )
    def state(self, deletion: Deletion) -> str:
        if deletion.cancelled_at:
            return "taken back"
        if deletion.finished_at:
            return "done"
        return "under way" if deletion.rows_deleted_at else "waits"

    @display(description="By")
    def who(self, deletion: Deletion) -> str:
        return str(deletion.by) if deletion.by else "its owner"

    @display(description="Receipt")
    def removed(self, deletion: Deletion) -> str:
        return render_to_string("own_data/_receipt_in_admin.html", {"deletion": deletion})


@require_http_methods(["GET", "POST"])
def delete_person(request: HttpRequest, person_id: str) -> HttpResponse:
    """GET says what goes; POST, with the email written out, closes the account at once and queues its deletion."""
    if not request.user.is_superuser:
        raise PermissionDenied
    person = User.objects.filter(pk=person_id).first() if person_id.isdecimal() and len(person_id) < 19 else None  # fmt: skip
    if person is None:
        raise Http404
    form = DeletePersonForm(request.POST or None, person=person)
    if person.is_staff or not form.is_valid():
        context = {
            **admin.site.each_context(request),
            "title": f"Delete {person}?",
            "person": person,
            "form": form,
            "belongings": list_belongings(person),
            "knowing": describe_knowing(person),
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "own_data/delete_person.html", context, status=status)
    try:
        deletion, _ = delete_by_superuser(person, by=get_operator(request))
    except OperatorStaysError:
        messages.error(request, "They are an operator by now: take that away first.")
        return redirect("admin:accounts_user_change", person.pk)
    enqueue_deletion(deletion)
    messages.success(
        request, "The account is closed, and is deleted within a minute. The receipt stands here."
    )
    return redirect("admin:own_data_deletion_change", deletion.pk)
