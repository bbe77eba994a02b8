from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    FloatField,
    QuerySet,
    TextField,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from registry.admin import FilledValuesFilter, ReadOnlyAdmin
from registry.admin.base import get_operator
from registry.models import PromptVersion
from registry.services.archivings import explain_archived
from telemetry.lines import log_move
from wardrobe import jobs
from wardrobe.forms.vocabulary import PublishForm
from wardrobe.models import (
    Garment,
    Photo,
    PhotoFeatures,
    UploadEvent,
    VocabularyRevision,
    VocabularyTerm,
)
from wardrobe.photos import formats, measuring
from wardrobe.services import photos as photo_services
from wardrobe.services.garment_builder import find_doubtful
from wardrobe.services.upload_events import REFUSALS
from wardrobe.vocabulary.publishing import (
    Published,
    UnusableVocabularyError,
    list_differences,
    list_live_users,
    publish_vocabulary,
)
from wardrobe.vocabulary.revisions import find_published

GARMENT_LABELS = {
    Garment.Status.READY: "success",
    Garment.Status.NEEDS_REVIEW: "warning",
    Garment.Status.DRAFT: "info",
}
PHOTO_LABELS = {
    Photo.Status.READY: "success",
    Photo.Status.FAILED: "danger",
    Photo.Status.PROCESSING: "info",
    Photo.Status.RECEIVED: "info",
    Photo.Status.ASKING: "warning",
}
UPLOAD_LABELS = {
    UploadEvent.Outcome.ADMITTED: "success",
    UploadEvent.Outcome.DUPLICATE: "info",
    UploadEvent.Outcome.REFUSED: "danger",
}


LOOKED_FOR = {"call__version", "call__isnull", "corrections__isnull", "photo__source_format"}
"""Beyond the row itself, by links from figures."""


@admin.register(Garment)
class GarmentAdmin(ReadOnlyAdmin):
    """What wearers own, as the model and they described it. Only they change it."""

    list_display = [
        "name",
        "state",
        "owner",
        "slot",
        "type",
        "seen_colours",
        "wear_count",
        "created_at",
    ]
    list_filter = ["status", "slot", "in_wash"]
    list_select_related = ["owner"]
    search_fields = ["name", "brand", "owner__email"]
    date_hierarchy = "created_at"
    exclude = ["image"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What figures lead to is looked for besides the filters."""
        return lookup in LOOKED_FOR or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Garment]:
        """With what the model said, how sure it was, and whether its version asked for a look, where the address asks for it."""
        rows: QuerySet[Garment] = super().get_queryset(request)
        asked = {name.partition("__")[0] for name in request.GET}
        if "said_type" in asked:
            rows = rows.annotate(
                said_type=Coalesce(KT("model_values__type"), "type", output_field=TextField())
            )
        if "told_confidence" in asked:
            rows = rows.annotate(told_confidence=Cast(KT("confidence__type"), FloatField()))
        if "was_asked" in asked:
            number = request.GET.get("call__version", "")
            version = PromptVersion.objects.filter(pk=number if number.isdecimal() else 0).first()
            doubtful = find_doubtful(version.parameters if version else {})
            rows = rows.annotate(was_asked=ExpressionWrapper(doubtful, BooleanField()))
        return rows

    @display(description="Status", ordering="status", label=GARMENT_LABELS)
    def state(self, garment: Garment) -> tuple[str, str]:
        return garment.status, garment.get_status_display()

    @display(description="Colours")
    def seen_colours(self, garment: Garment) -> str:
        return ", ".join(str(colour.get("name", "")) for colour in garment.colours)


class PhotoGarmentInline(TabularInline):
    model = Garment
    fk_name = "photo"
    fields = ["name", "status", "slot", "type"]
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Photo)
class PhotoAdmin(ReadOnlyAdmin):
    """The way of each photo to its garments. The picture itself is its owner's alone."""

    list_display = ["short_id", "state", "owner", "attempt", "failure_code", "source", "created_at"]
    list_filter = ["status", ("failure_code", FilledValuesFilter), "source_format"]
    list_select_related = ["owner"]
    search_fields = ["id", "sha256", "owner__email", "failure"]
    date_hierarchy = "created_at"
    exclude = ["incoming", "image", "thumbnail"]
    inlines = [PhotoGarmentInline]
    actions = ["retry_photos"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Photo]:
        """With how many garments are on it, where the address asks for it."""
        rows: QuerySet[Photo] = super().get_queryset(request)
        if any(name.startswith("garment_count") for name in request.GET):
            rows = rows.annotate(garment_count=Count("garments"))
        return rows

    @display(description="Photo", ordering="id")
    def short_id(self, photo: Photo) -> str:
        return photo.id.hex[:8]

    @display(description="Status", ordering="status", label=PHOTO_LABELS)
    def state(self, photo: Photo) -> tuple[str, str]:
        return photo.status, photo.get_status_display()

    @display(description="File", ordering="source_bytes")
    def source(self, photo: Photo) -> str:
        return f"{photo.source_format}, {photo.source_bytes / 1_000_000:.1f} MB"

    @action(description="Try the failed ones again", permissions=["view"])
    def retry_photos(self, request: HttpRequest, queryset: QuerySet[Photo]) -> None:
        retried = [photo for photo in queryset if photo_services.retry_photo(photo)]
        for photo in retried:
            photo.refresh_from_db()
            jobs.enqueue_process_photo(photo)
        keys = [photo.pk.hex for photo in retried]
        log_move("retry_photos", actor=request.user, photos=keys)
        self.message_user(request, f"{len(retried)} photos are in line again.")


def offer_words(title: str, field: str, words: Iterable[str]) -> type[admin.SimpleListFilter]:
    """A filter by the words that a field may hold, whether or not a row holds them: no query."""

    class WordFilter(admin.SimpleListFilter):
        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return [(word, word) for word in words]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{field: self.value()}) if self.value() else queryset

    WordFilter.title, WordFilter.parameter_name = title, field
    return WordFilter


@admin.register(UploadEvent)
class UploadEventAdmin(ReadOnlyAdmin):
    """What came in, refused or not: what drift is read from. No picture and no name of a file."""

    list_display = [
        "created_at",
        "state",
        "refusal",
        "format",
        "bytes",
        "megapixels",
        "colour_profile",
        "brightness",
        "blur",
        "camera",
        "owner",
    ]
    list_filter = [
        "outcome",
        offer_words("refusal", "refusal", REFUSALS),
        offer_words("format", "format", formats.list_format_names()),
        offer_words("colour profile", "colour_profile", measuring.PROFILE_NAMES),
        offer_words("camera family", "camera", measuring.CAMERA_NAMES),
    ]
    list_select_related = ["owner"]
    date_hierarchy = "created_at"

    @display(description="Outcome", ordering="outcome", label=UPLOAD_LABELS)
    def state(self, event: UploadEvent) -> tuple[str, str]:
        return event.outcome, event.get_outcome_display()


@admin.register(PhotoFeatures)
class PhotoFeaturesAdmin(ReadOnlyAdmin):
    """The feature store: what one version, on one engine, read in these pixels."""

    list_display = ["short_hash", "version", "engine", "owner", "created_at"]
    list_filter = ["version", "engine"]
    list_select_related = ["version__prompt", "owner"]
    search_fields = ["pixel_sha256"]

    @display(description="Pixels", ordering="pixel_sha256")
    def short_hash(self, features: PhotoFeatures) -> str:
        return features.pixel_sha256[:12]


@admin.register(VocabularyTerm)
class VocabularyTermAdmin(ModelAdmin):
    """The draft of the words of forms, prompts and schemas. A word in use is retired, not deleted."""

    list_display = ["label", "value", "kind", "swatch", "slot", "order", "is_active"]
    list_filter = ["kind", "is_active", "slot"]
    search_fields = ["value", "label"]
    list_per_page = 200
    list_before_template = "wardrobe/_vocabulary_draft.html"
    ordering = ["kind", "order"]

    @display(description="Looks")
    def swatch(self, term: VocabularyTerm) -> str | SafeString:
        colour = term.details.get("hex", "")
        return colour and format_html(
            '<svg width="18" height="18"><circle cx="9" cy="9" r="8" fill="{}" stroke="grey"/></svg>',
            colour,
        )

    def get_urls(self) -> list[URLPattern]:
        publish = path(
            "publish/",
            self.admin_site.admin_view(self.publish_view),
            name="wardrobe_vocabularyterm_publish",
        )
        return [publish, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "differences": list_differences()}
        page: HttpResponse = super().changelist_view(request, context)
        return page

    def publish_view(self, request: HttpRequest) -> HttpResponse:
        """What the draft changes and, for authors of prompts, the button that publishes it."""
        may_publish = request.user.has_perm("registry.add_promptversion")
        is_sent = request.method == "POST"
        if not self.has_view_permission(request) or (is_sent and not may_publish):
            raise PermissionDenied
        form = PublishForm(request.POST if is_sent else None)
        if form.is_valid():
            try:
                return self.publish(request, form.cleaned_data["notes"])
            except UnusableVocabularyError as error:
                form.add_error(None, str(error))
        context = {
            **self.admin_site.each_context(request),
            "title": "Publish the vocabulary",
            "form": form,
            "published": find_published(),
            "differences": list_differences(),
            "users": list_live_users(),
            "may_publish": may_publish,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "wardrobe/vocabulary_publish.html", context, status=status)

    def publish(self, request: HttpRequest, notes: str) -> HttpResponse:
        """Raises UnusableVocabularyError."""
        published = publish_vocabulary(author=get_operator(request), notes=notes)
        messages.success(request, f"{published.revision} is published. {tell_versions(published)}")
        for version in published.versions:
            if archived := explain_archived(version):
                messages.warning(request, f"{archived}.")
        return redirect("admin:wardrobe_vocabularyterm_changelist")


def tell_versions(published: Published) -> str:
    """Which versions publishing made, and which there were."""
    if not published.versions:
        return "It made no version, for no prompt is live."
    known = ", ".join(str(one) for one in published.versions if one not in published.made)
    made = ", ".join(map(str, published.made))
    told = [f"It made {made}: evaluate, then promote."] if made else []
    return " ".join([*told, *([f"These words are in {known} already."] if known else [])])


@admin.register(VocabularyRevision)
class VocabularyRevisionAdmin(ReadOnlyAdmin):
    """What was published, when and by whom. Versions of prompts pin one by its SHA-256."""

    list_display = ["number", "short_sha", "created_at", "author", "notes"]
    list_select_related = ["author"]
    search_fields = ["sha256", "notes"]
