"""A wearer's own data: taking it along, bringing it in, deleting it."""

import asyncio
from collections.abc import AsyncIterator
from typing import IO
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.outside.mail import can_send, send_letter
from accounts.rate_limits import limit_posts
from dresscode.own_data import transfers
from dresscode.own_data.erasure.scheduling import find_by_token, schedule_deletion
from dresscode.own_data.forms import DeleteAccountForm, ImportForm
from dresscode.own_data.jobs import enqueue_transfer
from dresscode.own_data.models import Transfer
from feedback.leaving import OperatorStaysError, describe_knowing, list_belongings

HOUR = 3600
BLOCK = 256 * 1024
Kind = Transfer.Kind


def describe_transfers(user: User) -> dict[str, Transfer | None]:
    """The newest of each kind."""
    own = Transfer.objects.for_owner(user)
    return {"export": own.filter(kind=Kind.EXPORT).first(), "brought": own.filter(kind=Kind.IMPORT).first()}  # fmt: skip


def show(request: AuthenticatedHttpRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    context = {**describe_transfers(request.user), "form": form, "is_mailed": can_send()}
    return render(request, "own_data/own_data.html", context, status=status)


@require_safe
@login_required
def show_own_data(request: AuthenticatedHttpRequest) -> HttpResponse:
    return show(request, ImportForm())


@require_safe
@login_required
def show_progress(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What the page asks for while something is under way: the two sections that change."""
    context = {**describe_transfers(request.user), "form": ImportForm(), "is_mailed": can_send()}
    return render(request, "own_data/_transfers.html", context)


@require_POST
@login_required
@limit_posts("export", limit=20, seconds=HOUR)
def start_export(request: AuthenticatedHttpRequest) -> HttpResponse:
    enqueue_transfer(transfers.request_export(request.user))
    return redirect("own_data:own-data")


@require_safe
@login_required
def download_export(request: AuthenticatedHttpRequest, transfer_id: UUID) -> StreamingHttpResponse:
    """For a day, to its owner: anybody else is told that there is none."""
    exports = Transfer.objects.for_owner(request.user).downloadable()
    export = get_object_or_404(exports, pk=transfer_id)
    try:
        file = default_storage.open(export.file)
    except FileNotFoundError:
        raise Http404 from None
    response = StreamingHttpResponse(read_blocks(file), content_type="application/zip")
    name = f"dresscode-{export.created_at:%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = str(export.bytes)
    response["Cache-Control"] = "private, no-store"
    return response


async def read_blocks(file: IO[bytes]) -> AsyncIterator[bytes]:
    """Never all of it in memory, and the loop never waits for the disk."""
    try:
        while block := await asyncio.to_thread(file.read, BLOCK):
            yield block
    finally:
        await asyncio.to_thread(file.close)


@require_POST
@login_required
@limit_posts("import", limit=20, seconds=HOUR)
def start_import(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Keep the file; what it would bring is shown before anything is."""
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form, status=422)
    try:
        transfer = transfers.request_import(request.user, form.cleaned_data["file"])
    except transfers.OpenAlreadyError:
        messages.error(request, _("There is a file here already. Take it in or drop it first."))
        return redirect("own_data:own-data")
    enqueue_transfer(transfer)
    return redirect("own_data:own-data")


@require_POST
@login_required
def decide_import(request: AuthenticatedHttpRequest, transfer_id: UUID) -> HttpResponse:
    """`do=take` takes it in, anything else drops it."""
    own = Transfer.objects.for_owner(request.user).filter(kind=Kind.IMPORT)
    transfer = get_object_or_404(own, pk=transfer_id)
    if request.POST.get("do") == "take":
        if transfers.confirm_import(transfer):
            enqueue_transfer(transfer)
        else:
            messages.error(request, _("That file does not wait any more. Send it again."))
    elif transfers.drop_import(transfer):
        messages.success(request, _("Dropped. Nothing of it is kept."))
    return redirect("own_data:own-data")


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@login_required
@limit_posts("delete-account", limit=10, seconds=HOUR)
def delete_own_account(request: AuthenticatedHttpRequest) -> HttpResponse:
    """GET says what goes; POST ends every session, and the account goes in a day."""
    user = request.user
    form = DeleteAccountForm(request.POST or None, user=user)
    if not form.is_valid():
        context = {
            "form": form,
            "belongings": list_belongings(user),
            "knowing": describe_knowing(user),
        }
        status = 422 if form.is_bound else 200
        return render(request, "own_data/delete_account.html", context, status=status)
    try:
        deletion, token = schedule_deletion(user)
    except OperatorStaysError:
        messages.error(request, _("An operator’s account stays: ask another operator to close it."))
        return redirect("styling:profile")
    send_letter(
        user.email,
        "own_data/mail/deletion_planned.txt",
        subject=_("Your account will be deleted"),
        deletion=deletion,
        token=token,
    )
    logout(request)
    return redirect("own_data:receipt", token)


@require_safe
@never_cache
def show_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever has the link, which only the owner was given: it says how much went, and not whose it was."""
    deletion = find_by_token(token)
    if deletion is None:
        raise Http404
    return TemplateResponse(request, "own_data/receipt.html", {"deletion": deletion})
