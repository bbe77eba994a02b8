"""What a wearer says of a garment's attributes: one at a tap, or the whole sheet. Each can be taken back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from accounts.acts.undoing import is_undo, offer_undo, read_sent, say_done, say_undone
from accounts.http import AuthenticatedHttpRequest, read_moment
from wardrobe import vocabulary
from wardrobe.forms.garments import GarmentForm, describe_sent
from wardrobe.models import Garment
from wardrobe.services import garments as services
from wardrobe.services.dependents import DEPENDENT
from wardrobe.views.garments import describe_hints, get_garment, next_to_review, render_garment

FOLLOWERS = frozenset({*DEPENDENT, "currency"})
"""What an edit of another field may change: the first price brings its currency along."""


@require_POST
@login_required
def edit_garment(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """The whole sheet at once, without JavaScript; with it each attribute is saved already, and
    the button says that all are right.
    """
    garment = get_garment(request, garment_id)
    if request.htmx:
        services.confirm_garment(garment)
        return HttpResponseClientRedirect(after_settling(garment))
    sent = read_sent(request)
    form = GarmentForm(sent, garment=garment)
    former = describe_sent(garment, form.fields) | {"edited": garment.edited_fields}
    if not form.is_valid():
        return render_garment(request, garment, form, status=422)
    if is_undo(request):
        put_edit_back(garment, form, sent)
        say_undone(request)
        return redirect(garment_url(garment))
    seen_at = read_moment(sent.get("seen_at", ""))
    try:
        garment = services.edit_garment(garment, changes=form.cleaned_data, seen_at=seen_at)
    except services.StaleGarmentError:
        messages.warning(request, _("This piece changed while you looked at it. Look once more."))
        return render_garment(request, garment, form, status=409)
    settle(garment, sent)
    say_done(request, _("%(name)s is saved.") % {"name": services.call(garment)}, former)
    return redirect(
        after_settling(garment) if "confirm_all" in request.POST else garment_url(garment)
    )


def put_edit_back(garment: Garment, form: GarmentForm, sent: QueryDict) -> Garment:
    edited = sent.getlist("edited")
    return services.put_edit_back(garment, changes=form.cleaned_data, edited_fields=edited)


def after_settling(garment: Garment) -> str:
    """The next piece that wants a look; when there is none, this one."""
    return garment_url(next_to_review(garment) or garment)


def garment_url(garment: Garment) -> str:
    return reverse("wardrobe:garment-detail", args=[garment.pk])


@require_POST
@login_required
def edit_field(request: AuthenticatedHttpRequest, garment_id: UUID, field: str) -> HttpResponse:
    """One attribute, at a tap: a new value, one of two types, "That is right", or Undo. Answers with
    its row.
    """
    garment = get_garment(request, garment_id)
    called, before = garment.name, GarmentForm(garment=garment, only=FOLLOWERS)
    sent = read_sent(request)
    settling = {"choose", "confirm", "undo"} & sent.keys()
    form = GarmentForm(None if settling else sent, garment=garment, only=[field])
    if field not in form.fields:
        raise Http404
    if not settling and not form.is_valid():
        return render_field(request, garment, form, field, status=422)
    undo = "" if is_undo(request) or "undo" in sent else offer_edit(request, garment, field)
    if settling:
        garment = settle(garment, sent)
    elif is_undo(request):
        garment = put_edit_back(garment, form, sent)
    else:
        garment = services.edit_garment(garment, changes=form.cleaned_data)
    form = GarmentForm(garment=garment, only=["name", field])
    followers = find_followers(before, garment, field)
    return render_field(
        request,
        garment,
        form,
        field,
        is_renamed=garment.name != called,
        followers=followers,
        undo=undo,
    )


def offer_edit(request: HttpRequest, garment: Garment, field: str) -> str:
    """The undo of what is said next of a field: as it is now, and as settled."""
    former = {"undo": field} if "confirm" in request.POST else describe_sent(garment, [field])
    return offer_undo(request, request.path, former | {"edited": garment.edited_fields})


def find_followers(before: GarmentForm, garment: Garment, field: str) -> dict[str, list[Any]]:
    """The rows, but for the edited one's, that an edit changed, added to the page, and removed from it."""
    form = GarmentForm(garment=garment, only=FOLLOWERS - {field})
    return {
        "changed": [
            row
            for row in form.rows()
            if (name := row.field.name) in before.fields
            and (before.initial[name], before.sureness[name]) != (form.initial[name], row.sureness)
        ],
        "added": [row for row in form.rows() if row.field.name not in before.fields],
        "removed": [name for name in before.fields if name not in {*form.fields, field}],
    }


def settle(garment: Garment, sent: QueryDict) -> Garment:
    """What the pressed button says of fields: all right, this one right, this of two types, or undo
    this one.
    """
    if "confirm_all" in sent:
        garment = services.confirm_garment(garment)
    if field := sent.get("confirm"):
        garment = services.confirm_garment(garment, fields=[field])
    if field := sent.get("undo"):
        garment = services.restore_field(garment, field=field)
    type_ = sent.get("choose", "")
    if type_ in garment.type_choices and type_ in vocabulary.values("type"):
        garment = services.choose_type(garment, type_=type_)
    return garment


def render_field(
    request: HttpRequest,
    garment: Garment,
    form: GarmentForm,
    field: str,
    status: int = 200,
    *,
    is_renamed: bool = False,
    followers: dict[str, list[Any]] | None = None,
    undo: str = "",
) -> HttpResponse:
    context = {
        "undo": undo,
        "garment": garment,
        "row": form.row(field),
        "saved": status == 200,
        "chosen": "choose" in request.POST,
        "followers": followers or {},
        "name_row": form.row("name") if is_renamed and field != "name" else None,
    }
    return render(request, "wardrobe/_field_saved.html", context, status=status)


@require_POST
@login_required
def choose_type(request: AuthenticatedHttpRequest, garment_id: UUID) -> HttpResponse:
    """The answer to "Sandals or sneakers?" beside the rack, or with `undo` the question again."""
    garment = get_garment(request, garment_id)
    is_undone = "undo" in request.POST or "undo" in request.GET
    garment = (
        services.restore_field(garment, field="type")
        if is_undone
        else settle(garment, request.POST)
    )
    if not request.htmx:
        if not is_undone:
            address = reverse("wardrobe:garment-choose-type", args=[garment.pk])
            messages.success(
                request,
                _("%(name)s it is.") % {"name": services.call(garment)},
                extra_tags=f"{address}?undo",
            )
        return redirect("wardrobe:garment-list")
    context = {"garment": garment, "chosen": not is_undone, "oob": True}
    context |= describe_hints(request.user)
    response = render(request, "wardrobe/_look_answered.html", context)
    return trigger_client_event(response, "garment-changed")
