"""Which version answers, what changed, and who moved it."""

import time
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registry import selectors
from registry.admin import archivings, authoring
from registry.admin.base import ReadOnlyAdmin, find_row, get_operator
from registry.admin.evaluations import find_latest, may_evaluate
from registry.admin.thresholds import describe_thresholds
from registry.evaluation import gate
from registry.evaluation.gate import NotPassedError
from registry.evaluation.standings import (
    EngineStanding,
    find_standings,
    has_passed,
    list_standings,
)
from registry.forms import MomentForm, PromoteForm, RollbackForm
from registry.models import Canary, Deployment, Prompt, PromptVersion
from registry.prompts.answering import find_answering
from registry.prompts.bundles import canonical_json
from registry.prompts.diff import compare_bundles
from registry.selectors import ReturnChoices
from registry.services import releases
from registry.services.archivings import explain_not_archivable, is_archived

SHOWN_MOVES = 100


@admin.register(Prompt)
class PromptAdmin(ReadOnlyAdmin):
    list_display = ["name", "live", "version_count", "description"]

    @admin.display(description="Live")
    def live(self, prompt: Prompt) -> str:
        alias = prompt.production()
        return f"v{alias.version.number} ({alias.version.short_sha})" if alias else "nothing"

    @admin.display(description="Versions")
    def version_count(self, prompt: Prompt) -> int:
        return prompt.versions.count()

    def get_urls(self) -> list[URLPattern]:
        roll_back = path(
            "<int:pk>/roll-back/",
            self.admin_site.admin_view(self.roll_back_view),
            name="registry_prompt_roll_back",
        )
        promote = path(
            "<int:pk>/promote/<int:version_pk>/",
            self.admin_site.admin_view(self.promote_view),
            name="registry_prompt_promote",
        )
        past = path(
            "<int:pk>/past/",
            self.admin_site.admin_view(self.past_view),
            name="registry_prompt_past",
        )
        return [roll_back, promote, past, *super().get_urls()]

    def may_roll_back(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("registry.roll_back_prompt"))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.render_prompt(request, find_row(Prompt, object_id))

    def render_prompt(
        self, request: HttpRequest, prompt: Prompt, form: RollbackForm | None = None
    ) -> HttpResponse:
        """The prompt's page; a form with errors shows them in an open dialog."""
        everyone = list(prompt.versions.select_related("author"))
        archived = set(prompt.versions.archived().values_list("pk", flat=True))
        versions = [version for version in everyone if version.pk not in archived]
        live = prompt.production()
        shown = pick_version(request, "version", everyone) or (live.version if live else None)
        against = pick_version(request, "against", everyone) or find_previous(shown, versions)
        standings = list_standings(versions)
        returns = selectors.list_returns(prompt, standings)
        found = standings[live.version_id] if live else []
        first = returns.offered[0] if returns.offered else None
        context = {
            **self.admin_site.each_context(request),
            "title": prompt.name,
            "opts": self.opts,
            "prompt": prompt,
            "live": live,
            "versions": [v for v in everyone if v.pk not in archived or v in {shown, against}],
            "rows": [(version, standings[version.pk]) for version in versions],
            "archived": [version for version in everyone if version.pk in archived],
            "is_archived": bool(shown and shown.pk in archived),
            "may_archive": bool(
                shown
                and authoring.may_write(request)
                and shown.pk not in archived
                and not explain_not_archivable(shown)
            ),
            "standings": found,
            "live_state": selectors.describe_live(live.version, found) if live else None,
            "answering": find_answering(live.version) if live else frozenset(),
            "returns": returns,
            "apart": describe_apart(returns, standings),
            "offered": {version.pk for version in returns.offered},
            "taken_back": {version.pk for version, _ in returns.taken_back},
            "unpassed": {version.pk for version in returns.unpassed},
            "may_override": may_override(request),
            "shown": shown,
            "against": against,
            "difference": compare_bundles(against.bundle, shown.bundle)
            if shown and against
            else None,
            "history": selectors.list_history(prompt, SHOWN_MOVES),
            "in_flight": Deployment.InFlight.choices,
            "target": first,
            "chosen": pick_return(request, list(returns), form) or first,
            "latest": find_latest(prompt),
            "may_roll_back": self.may_roll_back(request),
            "may_promote": may_promote(request),
            "may_evaluate": may_evaluate(request),
            "may_write": authoring.may_write(request),
            "may_try": authoring.may_try(request),
            "override": selectors.find_open_override(prompt),
            "thresholds": describe_thresholds(request, prompt),
            **self.describe_canary(request, prompt),
            "form": form,
        }
        status = 422 if form and form.errors else 200
        return TemplateResponse(request, "registry/prompt_detail.html", context, status=status)

    def describe_canary(self, request: HttpRequest, prompt: Prompt) -> dict[str, Canary | None]:
        """What runs and what was reverted, for those who may see canaries."""
        if not request.user.has_perm("registry.view_canary"):
            return {}
        return {
            "canary": prompt.canaries.running().select_related("version").first(),
            "reverted": selectors.find_reverted(prompt),
        }

    def promote_view(self, request: HttpRequest, pk: int, version_pk: int) -> HttpResponse:
        """What the gate says of a version, and the button that makes it live."""
        if not may_promote(request):
            raise PermissionDenied
        versions = PromptVersion.objects.select_related("prompt")
        version = get_object_or_404(versions, pk=version_pk, prompt=pk)
        form = PromoteForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and promote(request, version, form):
            return HttpResponseRedirect(reverse("admin:registry_prompt_change", args=[pk]))
        live = version.prompt.production()
        if request.method == "GET":
            gate.judge_again(version)
        standings = find_standings(version)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Promote {version}",
            "opts": self.opts,
            "prompt": version.prompt,
            "version": version,
            "live": live,
            "is_live": bool(live and live.version_id == version.pk),
            "is_archived": is_archived(version),
            "standings": standings,
            "has_passed": has_passed(standings),
            "has_override": version.overrides.open().exists(),
            "taken_back": releases.explain_taken_back(version),
            "canary": releases.find_untold_canary(version),
            "may_override": may_override(request),
            "may_evaluate": may_evaluate(request),
            "form": form,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "registry/promote.html", context, status=status)

    def past_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was live at a moment: `?at=`, in the time zone of the page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        prompt = get_object_or_404(Prompt, pk=pk)
        form = MomentForm(request.GET or None)
        moment = form.cleaned_data["at"] if form.is_valid() else None
        context = {
            **self.admin_site.each_context(request),
            "title": f"What was live: {prompt.name}",
            "opts": self.opts,
            "prompt": prompt,
            "form": form,
            "moment": moment,
            "move": selectors.live_at(prompt, moment) if moment else None,
        }
        return TemplateResponse(request, "registry/past.html", context)

    def roll_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.may_roll_back(request):
            raise PermissionDenied
        prompt = get_object_or_404(Prompt, pk=pk)
        if request.method != "POST":  # The address of a page that said what was missing.
            return HttpResponseRedirect(reverse("admin:registry_prompt_change", args=[pk]))
        form = RollbackForm(request.POST, prompt=prompt)
        if not form.is_valid():
            return self.render_prompt(request, prompt, form)
        began = time.monotonic()
        try:
            roll_back(request, prompt, form)
        except NotPassedError as error:
            failures = " ".join(error.failures)
            messages.error(
                request, f"{error.version} had not passed: {failures} Nothing was changed."
            )
        except releases.REFUSALS as error:
            messages.error(request, f"{error}. Nothing was changed.")
        else:
            number, took_ms = form.cleaned_data["to_version"].number, time.monotonic() - began
            messages.success(
                request,
                f"Version {number} is live. It took {took_ms * 1000:.0f} ms to commit and tell.",
            )
        return HttpResponseRedirect(reverse("admin:registry_prompt_change", args=[pk]))


def roll_back(request: HttpRequest, prompt: Prompt, form: RollbackForm) -> None:
    """Raises NotPassedError and `releases.REFUSALS`."""
    options = {**form.cleaned_data}
    override_reason = options["reason"] if options.pop("is_override") else ""
    releases.roll_back(
        prompt=prompt, actor=get_operator(request), override_reason=override_reason, **options
    )


def may_override(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


def describe_apart(
    returns: ReturnChoices, standings: dict[int, list[EngineStanding]]
) -> list[dict[str, Any]]:
    """The versions that are never offered first, with what stands against each."""
    taken_back = [{"version": v, "taken_back": told} for v, told in returns.taken_back]
    return [
        *taken_back,
        *({"version": v, "standings": standings[v.pk]} for v in returns.unpassed),
    ]


def may_promote(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("registry.promote_prompt"))


def promote(request: HttpRequest, version: PromptVersion, form: PromoteForm) -> bool:
    """Make it live and say so; else say on the form why not."""
    reason, is_override = form.cleaned_data["reason"], form.cleaned_data["is_override"]
    try:
        releases.promote_version(
            version=version,
            actor=get_operator(request),
            reason=reason,
            override_reason=reason if is_override else "",
            again_reason=form.cleaned_data["again_reason"],
            confirm=form.cleaned_data["confirm"],
            expected_epoch=form.cleaned_data["expected_epoch"],
        )
    except NotPassedError as error:
        form.add_error(None, f"It has not passed: {' '.join(error.failures)}")
    except releases.REFUSALS as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, f"Version {version.number} is live.")
        return True
    return False


def pick_version(
    request: HttpRequest, name: str, versions: list[PromptVersion]
) -> PromptVersion | None:
    """The version whose number the query string has, if it is one of these."""
    number = request.GET.get(name, "")
    return next((version for version in versions if str(version.number) == number), None)


def pick_return(
    request: HttpRequest, versions: list[PromptVersion], form: RollbackForm | None
) -> PromptVersion | None:
    """What was chosen in a form that is shown again, else the version whose number the query string has."""
    if form is None:
        return pick_version(request, "to", versions)
    sent = form["to_version"].value()
    return next((version for version in versions if str(version.pk) == sent), None)


def find_previous(
    shown: PromptVersion | None, versions: list[PromptVersion]
) -> PromptVersion | None:
    """The version before the shown one; `versions` are newest first."""
    return next((v for v in versions if shown and v.number < shown.number), None)


@admin.register(PromptVersion)
class PromptVersionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "notes", "short_sha", "source", "author", "created_at"]
    list_filter = [archivings.ArchivedFilter, "prompt", "source"]
    list_select_related = ["prompt", "author"]
    fields = [
        "prompt",
        "number",
        "sha256",
        "notes",
        "source",
        "author",
        "created_at",
        "gate_verdict",
        "content",
    ]
    LINKS = {"gate_verdict": ("plain_verdict", "registry.promote_prompt")}

    def get_urls(self) -> list[URLPattern]:
        draft = path(
            "<int:pk>/draft/",
            self.admin_site.admin_view(partial(authoring.draft_view, site=self.admin_site)),
            name="registry_promptversion_draft",
        )
        trial = path(
            "<int:pk>/try/",
            self.admin_site.admin_view(partial(authoring.try_view, site=self.admin_site)),
            name="registry_promptversion_try",
        )
        archive = path(
            "<int:pk>/archive/",
            self.admin_site.admin_view(partial(archivings.archive_view, site=self.admin_site)),
            name="registry_promptversion_archive",
        )
        restore = path(
            "<int:pk>/restore/",
            self.admin_site.admin_view(archivings.restore_view),
            name="registry_promptversion_restore",
        )
        return [draft, trial, archive, restore, *super().get_urls()]

    @admin.display(description="Gate")
    def gate_verdict(self, version: PromptVersion) -> SafeString:
        page = reverse("admin:registry_prompt_promote", args=[version.prompt_id, version.pk])
        return format_html(
            '{}: <a href="{}">see and promote</a>', self.plain_verdict(version), page
        )

    @admin.display(description="Gate")
    def plain_verdict(self, version: PromptVersion) -> str:
        passed = [found.title for found in find_standings(version) if found.has_passed]
        return f"It has passed with {' and '.join(passed)}" if passed else "It has not passed"

    @admin.display(description="Bundle")
    def content(self, version: PromptVersion) -> SafeString:
        texts = [version.bundle["system"], version.bundle["user"]]
        rest = {k: v for k, v in version.bundle.items() if k not in {"system", "user"}}
        return format_html(
            '<pre class="bundle">{}</pre>', "\n\n".join([*texts, canonical_json(rest)])
        )
