"""What wearers said: corrections to review, ratings to read."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action, display

from feedback.jobs import enqueue_proposal
from feedback.models import Correction, GarmentSignal, Rating, WornInstead
from feedback.proposals.keeping import NothingToProposeError
from feedback.proposals.kinds import KINDS
from feedback.proposals.wording import CopiedWordsError
from feedback.services.reviews import settle_by_hand
from feedback.values import show_value
from registry.admin import ReadOnlyAdmin
from registry.admin.base import get_operator
from registry.admin.tables import CsvExportMixin
from registry.models import Prompt
from registry.services.archivings import explain_archived
from styling.admin import link_to
from telemetry.lines import log_move

NOTHING_TO_PROPOSE = {
    "sentences": "Nothing is mixed up by enough wearers that can be put into words, or the live version says it already.",
    "examples": "Nothing is mixed up by enough wearers whose photos may be shown, or the live version shows them already.",
    "parameters": "What reviewers said does not speak for other thresholds, or there is too little of it.",
}


@admin.register(Correction)
class CorrectionAdmin(CsvExportMixin, ReadOnlyAdmin):
    list_display = [
        "field",
        "said",
        "corrected",
        "sureness",
        "shown_review",
        "golden",
        "lineage",
        "garment_link",
        "version_link",
        "call_link",
        "created_at",
    ]
    list_filter = ["review", "field", "version", "created_at"]
    search_fields = ["owner__email", "garment__name", "call__trace_id"]
    list_select_related = ["garment", "version__prompt", "call"]
    date_hierarchy = "created_at"
    actions = [
        "accept",
        "dismiss",
        "reopen",
        "propose",
        "propose_examples",
        "propose_parameters",
        "propose_rewrite",
    ]

    LINKS = {
        "garment_link": ("garment", "wardrobe.view_garment"),
        "version_link": ("version", "registry.view_promptversion"),
        "call_link": ("call", "registry.view_inferencecall"),
    }
    """A reviewer may open none of them."""
    PERSONAL = {"garment": "wardrobe.view_garment"}
    """What a wearer calls a piece."""

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """Without the way to golden examples for those who may not make any."""
        shown = super().get_list_display(request)
        if request.user.has_perm("registry.add_collectedexample"):
            return shown
        return [name for name in shown if name != "golden"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        corrections: QuerySet[Correction] = super().get_queryset(request)
        return corrections.prefetch_related(
            "call__collected__dataset", "call__collected__published_in"
        )

    @display(description="The model said")
    def said(self, correction: Correction) -> str:
        return show_value(correction.model_value)

    @display(description="The wearer says")
    def corrected(self, correction: Correction) -> str:
        return show_value(correction.user_value)

    @display(description="Confidence", ordering="confidence")
    def sureness(self, correction: Correction) -> str:
        return "–" if correction.confidence is None else f"{correction.confidence:.2f}"

    @display(
        description="Review",
        ordering="review",
        label={
            "pending": "info",
            "accepted": "success",
            "dismissed": "warning",
            "neither": "warning",
        },
    )
    def shown_review(self, correction: Correction) -> tuple[str, str]:
        return correction.review, correction.get_review_display()

    @display(description="Golden example")
    def golden(self, correction: Correction) -> SafeString | str:
        """The version that the correction's photo went into, or how to make it golden once it is accepted."""
        for example in correction.call.collected.all():
            page = reverse("admin:registry_dataset_change", args=[example.dataset_id])
            if example.published_in:
                number = example.published_in.number
                went = f"Went into {example.dataset.name} {number}"
                return format_html('<a href="{}?version={}">{}</a>', page, number, went)
            return format_html('<a href="{}#draft">Waits in the draft</a>', page)
        if correction.review != Correction.Review.ACCEPTED:
            return "–"
        page = reverse("feedback:make-example", args=[correction.call_id])
        return format_html('<a href="{}">Make it golden</a>', page)

    @display(description="Lineage")
    def lineage(self, correction: Correction) -> SafeString:
        page = reverse("feedback:lineage")
        return format_html(
            '<a href="{}?correction={}#forward">Where it went</a>', page, correction.pk
        )

    @display(description="Garment")
    def garment_link(self, correction: Correction) -> SafeString | str:
        return link_to(correction.garment, str(correction.garment), "wardrobe_garment")

    @display(description="Version")
    def version_link(self, correction: Correction) -> SafeString | str:
        return link_to(correction.version, str(correction.version), "registry_promptversion")

    @display(description="Call")
    def call_link(self, correction: Correction) -> SafeString | str:
        return link_to(correction.call, str(correction.call), "registry_inferencecall")

    def has_propose_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registry.add_promptversion")

    @action(description="Write the next draft of their prompts", permissions=["propose"])
    def propose(self, request: HttpRequest, queryset: QuerySet[Correction]) -> None:
        """Of what was accepted in the last weeks, not of the chosen rows alone."""
        self.write_drafts(request, queryset, "sentences")

    @action(description="Write a draft that shows corrected photos", permissions=["propose"])
    def propose_examples(self, request: HttpRequest, queryset: QuerySet[Correction]) -> None:
        self.write_drafts(request, queryset, "examples")

    @action(
        description="Write a draft of the built-in engine’s thresholds", permissions=["propose"]
    )
    def propose_parameters(self, request: HttpRequest, queryset: QuerySet[Correction]) -> None:
        self.write_drafts(request, queryset, "parameters")

    @action(description="Have the model rewrite the text", permissions=["propose"])
    def propose_rewrite(self, request: HttpRequest, queryset: QuerySet[Correction]) -> None:
        for prompt in self.find_prompts(queryset):
            if enqueue_proposal(prompt, "rewrites", get_operator(request)):
                said = f"A new text of {prompt} is being looked for, which takes minutes. A draft appears if one is better."
                messages.success(request, said)
            else:
                messages.error(
                    request, "Nothing is written: there is no model server, or no queue."
                )

    def find_prompts(self, queryset: QuerySet[Correction]) -> QuerySet[Prompt]:
        return Prompt.objects.filter(versions__in=queryset.values("version")).distinct()

    def write_drafts(self, request: HttpRequest, queryset: QuerySet[Correction], kind: str) -> None:
        for prompt in self.find_prompts(queryset):
            try:
                proposal = KINDS[kind](prompt, author=get_operator(request))
            except NothingToProposeError:
                messages.info(request, NOTHING_TO_PROPOSE[kind])
            except CopiedWordsError as error:
                messages.error(request, str(error))
            else:
                if archived := explain_archived(proposal.version):
                    messages.warning(request, f"That was proposed before: {archived}.")
                    continue
                said = f"{proposal.version} is written. It waits for its evaluation."
                messages.success(request, said)

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("feedback.change_correction")

    @action(description="Accept: the wearer is right", permissions=["review"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Correction]) -> None:
        self.settle(request, queryset, Correction.Review.ACCEPTED)

    @action(description="Dismiss: the model was right", permissions=["review"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Correction]) -> None:
        self.settle(request, queryset, Correction.Review.DISMISSED)

    @action(description="Put back to review", permissions=["review"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Correction]) -> None:
        self.settle(request, queryset, Correction.Review.PENDING)

    def settle(
        self, request: HttpRequest, queryset: QuerySet[Correction], review: Correction.Review
    ) -> None:
        """Who did it and when stands in the history of each, and on its page of lineage."""
        changed = settle_by_hand(corrections=queryset, review=review)
        for correction in changed:
            self.log_change(request, correction, str(review.label))
        keys = [correction.pk for correction in changed]
        log_move("settle_corrections", actor=request.user, review=str(review), corrections=keys)
        messages.success(request, f"{len(changed)} changed to “{review.label}”.")


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin):
    list_display = [
        "shown_verdict",
        "why",
        "comment",
        "suggestion_link",
        "version_link",
        "call_link",
        "updated_at",
    ]
    list_filter = ["verdict", "version", "created_at", "updated_at"]
    search_fields = ["owner__email", "comment", "suggestion__id"]
    list_select_related = ["suggestion__event", "suggestion__call", "version__prompt"]
    date_hierarchy = "updated_at"
    LINKS = {
        "suggestion_link": ("suggestion__event", "styling.view_suggestion"),
        "version_link": ("version", "registry.view_promptversion"),
        "call_link": ("suggestion__call", "registry.view_inferencecall"),
    }

    @display(
        description="Verdict",
        ordering="verdict",
        label={"accepted": "success", "rejected": "warning"},
    )
    def shown_verdict(self, rating: Rating) -> tuple[str, str]:
        return rating.verdict, rating.get_verdict_display()

    @display(description="Reasons")
    def why(self, rating: Rating) -> str:
        labels = dict(Rating.Reason.choices)
        return ", ".join(str(labels.get(reason, reason)) for reason in rating.reasons) or "–"

    @display(description="Outfit")
    def suggestion_link(self, rating: Rating) -> SafeString | str:
        return link_to(rating.suggestion, str(rating.suggestion.event), "styling_suggestion")

    @display(description="Version")
    def version_link(self, rating: Rating) -> SafeString | str:
        return link_to(rating.version, str(rating.version), "registry_promptversion")

    @display(description="Call")
    def call_link(self, rating: Rating) -> SafeString | str:
        call = rating.suggestion.call
        return link_to(call, str(call), "registry_inferencecall")


@admin.register(GarmentSignal)
class GarmentSignalAdmin(ReadOnlyAdmin):
    list_display = ["shown_kind", "type", "call_link", "created_at"]
    list_filter = ["kind", "type", "created_at"]
    list_select_related = ["call"]
    date_hierarchy = "created_at"
    LINKS = {"call_link": ("call", "registry.view_inferencecall")}

    @display(description="Said", ordering="kind")
    def shown_kind(self, signal: GarmentSignal) -> str:
        return str(signal.get_kind_display())

    @display(description="Call")
    def call_link(self, signal: GarmentSignal) -> SafeString | str:
        return link_to(signal.call, str(signal.call), "registry_inferencecall")


@admin.register(WornInstead)
class WornInsteadAdmin(ReadOnlyAdmin):
    list_display = ["suggestion_link", "worn", "updated_at"]
    list_select_related = ["suggestion__event"]
    date_hierarchy = "updated_at"
    LINKS = {"suggestion_link": ("suggestion__event", "styling.view_suggestion")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[WornInstead]:
        pairs: QuerySet[WornInstead] = super().get_queryset(request)
        return pairs.prefetch_related("garments")

    @display(description="Suggested")
    def suggestion_link(self, pair: WornInstead) -> SafeString | str:
        return link_to(pair.suggestion, str(pair.suggestion.event), "styling_suggestion")

    @display(description="Worn")
    def worn(self, pair: WornInstead) -> str:
        return ", ".join(garment.type for garment in pair.garments.all()) or "–"
