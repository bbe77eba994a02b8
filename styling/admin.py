"""What wearers asked and were told, to read; profiles may be mended."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from registry.admin import FilledValuesFilter, ReadOnlyAdmin
from registry.models import InferenceCall
from styling.models import Event, OutfitPiece, Profile, Suggestion, WeatherFeatures
from styling.weather.model import WeatherSnapshot


def link_to(row: object, text: str, name: str) -> SafeString | str:
    """A link to a row's admin page, escaped; a dash for no row."""
    pk = getattr(row, "pk", None)
    return (
        format_html('<a href="{}">{}</a>', reverse(f"admin:{name}_change", args=[pk]), text)
        if pk
        else "–"
    )


def name_subject(suggestion: Suggestion) -> str:
    """As calls name the answer that they were made for."""
    return f"suggestion:{suggestion.pk}"


@admin.register(Profile)
class ProfileAdmin(ModelAdmin):
    list_display = ["user", "place", "time_zone", "units", "sensitivity", "repeat_days"]
    list_filter = ["units", "sensitivity"]
    search_fields = ["user__email", "place"]
    list_select_related = ["user"]
    readonly_fields = ["user"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["kind", "date", "starts_at", "ends_at", "place", "owner", "answers"]
    list_filter = ["kind", "date"]
    search_fields = ["owner__email", "place"]
    list_select_related = ["owner"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        events: QuerySet[Event] = super().get_queryset(request)
        return events.annotate(answer_count=Count("suggestions"))

    @display(description="Answers", ordering="answer_count")
    def answers(self, event: Event) -> int:
        return int(getattr(event, "answer_count", 0))


@admin.register(WeatherFeatures)
class WeatherFeaturesAdmin(ReadOnlyAdmin):
    """The feature store of the weather: what was read, when, and until when it serves."""

    list_display = [
        "date",
        "latitude",
        "longitude",
        "source",
        "hour_count",
        "fetched_at",
        "expires_at",
    ]
    list_filter = ["source", "date"]

    @display(description="Hours")
    def hour_count(self, features: WeatherFeatures) -> int:
        return len(features.hours)


class PieceInline(TabularInline):
    model = OutfitPiece
    readonly_fields = ["position", "slot", "garment_link", "plain_garment"]
    extra = 0
    can_delete = False

    def get_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        may_follow = request.user.has_perm("wardrobe.view_garment")
        return ["position", "slot", "garment_link" if may_follow else "plain_garment"]

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @display(description="Garment")
    def garment_link(self, piece: OutfitPiece) -> SafeString | str:
        return link_to(piece.garment, piece.garment.name, "wardrobe_garment")

    @display(description="Garment")
    def plain_garment(self, piece: OutfitPiece) -> str:
        return piece.garment.name


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnlyAdmin):
    """Each answer with what is needed to explain it: weather, version, seed, timings."""

    list_display = [
        "event",
        "owner",
        "shown_status",
        "shown_verdict",
        "version",
        "engine",
        "first_word",
        "attempt",
        "created_at",
    ]
    list_filter = [
        "status",
        "verdict",
        ("no_forecast", FilledValuesFilter),
        ("call__engine", FilledValuesFilter),
        "created_at",
    ]
    search_fields = ["id", "owner__email", "prose", "call__trace_id"]
    list_select_related = ["event", "owner", "call__version__prompt"]
    date_hierarchy = "created_at"
    inlines = [PieceInline]
    LINKS = {
        "version": ("plain_version", "registry.view_promptversion"),
        "call_link": ("plain_call", "registry.view_inferencecall"),
        "tries": ("try_count", "registry.view_inferencecall"),
    }

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What figures lead to is looked for besides the filters."""
        return lookup == "event__kind__exact" or super().lookup_allowed(lookup, value, request)

    fieldsets = [
        (None, {"fields": ["event", "owner", "status", "failure", "verdict", "prose"]}),
        (
            "Why",
            {"fields": ["sky", "no_forecast", "known", "reasons", "missing", "checked", "seed"]},
        ),
        (
            "How",
            {
                "fields": [
                    "call_link",
                    "tries",
                    "version",
                    "engine",
                    "first_word",
                    "attempt",
                    "interrupt",
                ]
            },
        ),
        ("When", {"fields": ["created_at", "leased_until", "finished_at", "decided_at"]}),
        ("Before", {"fields": ["previous", "start_from", "request_key"]}),
    ]

    @display(
        description="Status",
        label={"ready": "success", "failed": "danger", "open": "info", "stopped": "warning"},
    )
    def shown_status(self, suggestion: Suggestion) -> tuple[str, str]:
        return suggestion.status, suggestion.get_status_display()

    @display(description="Verdict", label={"accepted": "success", "rejected": "warning"})
    def shown_verdict(self, suggestion: Suggestion) -> tuple[str, str]:
        return suggestion.verdict, suggestion.get_verdict_display()

    @display(description="Version")
    def version(self, suggestion: Suggestion) -> SafeString | str:
        version = suggestion.call and suggestion.call.version
        return link_to(version, self.plain_version(suggestion), "registry_promptversion")

    @display(description="Version")
    def plain_version(self, suggestion: Suggestion) -> str:
        return str(suggestion.call.version) if suggestion.call else "–"

    @display(description="Call")
    def call_link(self, suggestion: Suggestion) -> SafeString | str:
        return link_to(suggestion.call, self.plain_call(suggestion), "registry_inferencecall")

    @display(description="Call")
    def plain_call(self, suggestion: Suggestion) -> str:
        return str(suggestion.call) if suggestion.call else "–"

    @display(description="All tries")
    def tries(self, suggestion: Suggestion) -> SafeString:
        """The calls made for this answer: the one that answered, and those that were held back."""
        subject = name_subject(suggestion)
        address = reverse("admin:registry_inferencecall_changelist", query={"q": subject})
        return format_html('<a href="{}">{}</a>', address, self.try_count(suggestion))

    @display(description="All tries")
    def try_count(self, suggestion: Suggestion) -> int:
        return InferenceCall.objects.filter(subject=name_subject(suggestion)).count()

    @display(description="Engine")
    def engine(self, suggestion: Suggestion) -> str:
        return suggestion.call.engine if suggestion.call else "–"

    @display(description="First word", ordering="first_word_ms")
    def first_word(self, suggestion: Suggestion) -> str:
        time_ms = suggestion.first_word_ms
        return "–" if time_ms is None else f"{time_ms:.0f} ms"

    @display(description="Weather")
    def sky(self, suggestion: Suggestion) -> str:
        if not suggestion.weather:
            return "none"
        weather = WeatherSnapshot.from_json(suggestion.weather)
        return f"{weather.sentence} ({weather.source}, {weather.fetched_at:%Y-%m-%d %H:%M} UTC)"
