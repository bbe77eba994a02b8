"""Choosing several garments, doing one thing to all of them, and taking it back."""

from collections.abc import Collection
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest, read_key
from wardrobe.forms.filters import GarmentFilterForm
from wardrobe.forms.many import AwayForm, ManyEditForm, read_chosen
from wardrobe.models import Act, Garment
from wardrobe.services import many as services

PER_PAGE = 24
ASKED_FIRST = {"edit": ManyEditForm, "archive": AwayForm, "delete": None}
"""Acts that want a word more, and the form for it; deleting only wants to be meant."""
OF_OTHER_PAGES = {Act.Kind.IMPORT, Act.Kind.BASICS, Act.Kind.INTERVAL}
"""Acts whose undo is here, and nothing else of them."""


@require_http_methods(["GET", "POST"])
@login_required
def select_garments(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The wardrobe with ticks. A POST shows other pieces and keeps the ticks: it changes nothing."""
    data = request.POST if request.method == "POST" else request.GET
    form = GarmentFilterForm(data, owner=request.user)
    chosen = find_chosen(request, read_chosen(data))
    if "all" in data:
        found = form.results().exclude(pk__in=[one.pk for one in chosen])
        chosen += islice(found, services.MOST_AT_ONCE - len(chosen))
    rest = form.results().exclude(pk__in=[garment.pk for garment in chosen])
    page = Paginator(rest, PER_PAGE).get_page(data.get("to") or data.get("page"))
    context = {
        "form": form,
        "chosen": chosen,
        "page": page,
        "matching": form.results().count(),
        "kept": list_kept(data),
        "most": services.MOST_AT_ONCE,
    }
    template = "wardrobe/_hangers.html" if request.htmx else "wardrobe/garment_select.html"
    return render(request, template, context)


def find_chosen(request: AuthenticatedHttpRequest, keys: Collection[UUID]) -> list[Garment]:
    """Those that are the wearer's, as many as one act may have."""
    found = Garment.objects.for_owner(request.user).filter(pk__in=keys).select_related("photo")
    return list(found.order_by("name", "pk")[: services.MOST_AT_ONCE])


def list_kept(data: QueryDict) -> list[tuple[str, str]]:
    """What else narrows the view, to be sent along."""
    names = ("q", "sort", *GarmentFilterForm.CHIPS)
    return [(name, value) for name in names for value in data.getlist(name)]


@require_POST
@login_required
def act_on_many(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Do it, or ask first what there is to ask, on a page that names the pieces."""
    kind, keys = request.POST.get("act", ""), read_chosen(request.POST)
    if kind not in {*Act.Kind.values, *ASKED_FIRST} - OF_OTHER_PAGES:
        raise Http404
    if not keys:
        messages.warning(request, _("Choose a piece first."))
        return redirect("wardrobe:garment-select")
    if len(keys) > services.MOST_AT_ONCE:
        messages.error(
            request,
            _("At most %(most)s pieces at once. Nothing changed.")
            % {"most": services.MOST_AT_ONCE},
        )
        return redirect("wardrobe:garment-select")
    chosen = find_chosen(request, keys)
    if not chosen:
        raise Http404
    make_form = ASKED_FIRST.get(kind)
    is_sure = "sure" in request.POST
    form = make_form(request.POST if is_sure else None) if make_form else None
    if kind in ASKED_FIRST and not (is_sure and (form is None or form.is_valid())):
        context = {"form": form, "chosen": chosen, "act": kind}
        template = "wardrobe/garment_many.html"
        return render(request, template, context, status=422 if is_sure else 200)
    if kind == "delete":
        return delete_many(request, keys)
    values = form.cleaned_data if form else {}
    act = services.act_on_many(owner=request.user, keys=keys, kind=Act.Kind(kind), values=values)
    return tell_act(request, act)


def tell_act(request: HttpRequest, act: Act | None) -> HttpResponse:
    if act is None:
        raise Http404
    count = len(act.changes)
    address = reverse("wardrobe:act-undo", args=[act.pk])
    messages.success(request, say_act(act, count), extra_tags=address)
    return redirect("wardrobe:garment-list")


def say_act(act: Act, count: int) -> str:
    said = {
        Act.Kind.EDIT: ngettext("%(n)s piece is changed.", "%(n)s pieces are changed.", count),
        Act.Kind.WASH: ngettext(
            "%(n)s piece is in the wash.", "%(n)s pieces are in the wash.", count
        ),
        Act.Kind.CLEAN: ngettext(
            "%(n)s piece is clean again.", "%(n)s pieces are clean again.", count
        ),
        Act.Kind.WORN: ngettext("%(n)s piece worn today.", "%(n)s pieces worn today.", count),
        Act.Kind.ARCHIVE: ngettext("%(n)s piece is put away.", "%(n)s pieces are put away.", count),
        Act.Kind.RESTORE: ngettext(
            "%(n)s piece is brought back.", "%(n)s pieces are brought back.", count
        ),
        Act.Kind.IMPORT: ngettext(
            "%(n)s piece read from a table.", "%(n)s pieces read from a table.", count
        ),
        Act.Kind.BASICS: ngettext("%(n)s basic hung up.", "%(n)s basics hung up.", count),
        Act.Kind.INTERVAL: ngettext("Saved for %(n)s piece.", "Saved for %(n)s pieces.", count),
    }
    return said[Act.Kind(act.kind)] % {"n": count}


def delete_many(request: AuthenticatedHttpRequest, keys: Collection[UUID]) -> HttpResponse:
    count = services.delete_many(owner=request.user, keys=keys)
    messages.success(
        request, ngettext("%(n)s piece deleted.", "%(n)s pieces deleted.", count) % {"n": count}
    )
    return redirect("wardrobe:garment-list")


@require_POST
@login_required
def undo_act(request: AuthenticatedHttpRequest, act_id: UUID) -> HttpResponse:
    """Take back one's own act, the whole of it; somebody else's is not found. `garment` says on whose page it was done."""
    act = get_object_or_404(Act.objects.for_owner(request.user), pk=act_id)
    count, of = services.undo_act(act), len(act.changes)
    said: dict[Any, str] = {
        of: ngettext("%(n)s piece: as before.", "%(n)s pieces: as before.", count) % {"n": count},
        0: _("What is left changed since, and stays as it is.")
        if services.is_kept(act)
        else _("Nothing was left to take back."),
    }
    rest = _(
        "%(n)s of %(of)s pieces are as before. The others changed since, and stay as they are."
    ) % {"n": count, "of": of}
    messages.success(request, said.get(count, rest))
    if garment_id := read_key(request.GET.get("garment", "")):
        return redirect("wardrobe:garment-detail", garment_id)
    return redirect("wardrobe:garment-list")
