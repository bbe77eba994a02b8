"""Lineage: from a version back to every correction in it, and from a correction forward."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from feedback.lineage.reading import Entry, read_correction, read_version
from feedback.models import Correction
from feedback.values import show_value
from registry.models import Alias, PromptVersion

PER_PAGE = 50
MOST_DIGITS = 18


@require_safe
@permission_required("feedback.view_correction", raise_exception=True)
def show_lineage(request: HttpRequest) -> HttpResponse:
    """`?version=` one that is not live, `?correction=` one to be followed, `?q=` some of the version's."""
    version = find_version(request)
    lineage = read_version(version) if version else None
    words = request.GET.get("q", "").strip()[:100]
    entries = [one for one in lineage.entries if matches(one, words)] if lineage else []
    correction = Correction.objects.filter(pk=read_key(request, "correction")).first()
    context = {
        **admin.site.each_context(request),
        "title": "Lineage",
        "lineage": lineage,
        "forward": read_correction(correction) if correction else None,
        "page": Paginator(entries, PER_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "live": list_live(),
        "reviews": count_reviews(),
    }
    return TemplateResponse(request, "feedback/lineage.html", context)


def find_version(request: HttpRequest) -> PromptVersion | None:
    """The one that was asked for, or else what reads photos now."""
    versions = PromptVersion.objects.select_related("prompt")
    if asked := versions.filter(pk=read_key(request, "version")).first():
        return asked
    live = list_live()
    return next((one for one in live if one.prompt.name == "digitize_photo"), None) or next(
        iter(live), None
    )


def read_key(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else 0


def list_live() -> list[PromptVersion]:
    aliases = Alias.objects.filter(name=Alias.Name.PRODUCTION)
    return [one.version for one in aliases.select_related("version__prompt").order_by("prompt")]


def matches(entry: Entry, words: str) -> bool:
    """Whether a correction is about some words: its attribute, what was said of it, or its wearer's number."""
    one = entry.correction
    said = [one.field, show_value(one.model_value), show_value(one.user_value), str(one.owner_id)]
    return all(any(word in text for text in said) for word in words.lower().split())


def count_reviews() -> list[tuple[str, int]]:
    """How many corrections stand at each point of the review."""
    found = dict(Correction.objects.order_by().values_list("review").annotate(Count("pk")))
    return [(str(review.label), found.get(review.value, 0)) for review in Correction.Review]
