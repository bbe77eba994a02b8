"""What answers wearers now, read once for the whole page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.evaluation.standings import EngineStanding, has_passed, list_standings
from registry.models import Alias, Canary, EvaluationRun, Override, Prompt, PromptVersion
from registry.prompts.answering import list_answering
from registry.selectors import find_override


@dataclass(frozen=True)
class LiveVersion:
    """The live version of a prompt. `override`: the one by which it went live, as long as it has not passed."""

    version: PromptVersion
    since: datetime
    standings: Sequence[EngineStanding]
    answering: Collection[str]
    override: Override | None = None
    canary: Canary | None = None

    @property
    def asked(self) -> list[EngineStanding]:
        """Its standings with the engines that can be asked here."""
        return [standing for standing in self.standings if standing.is_configured]

    @property
    def has_passed(self) -> bool:
        return has_passed(self.standings)

    @property
    def failed(self) -> list[EngineStanding]:
        return [standing for standing in self.asked if standing.state == "failed"]

    @property
    def waiting(self) -> list[EngineStanding]:
        """Those that nobody has judged yet, where there are golden examples to judge by."""
        states = {"running", "unasked"}
        return [one for one in self.asked if one.state in states and one.findings]

    @property
    def runs(self) -> list[EvaluationRun]:
        findings = [finding for standing in self.asked for finding in standing.findings]
        return [finding.running for finding in findings if finding.running]

    def is_overridden(self, now: datetime) -> bool:
        """Whether somebody has taken it upon themselves, and still does."""
        return self.override is not None and self.override.expires_at > now


def read_live() -> list[LiveVersion]:
    """One for each prompt that has a live version, by name."""
    live = Alias.objects.filter(name=Alias.Name.PRODUCTION).select_related("version__prompt")
    aliases = list(live.order_by("prompt__name"))
    versions = [alias.version for alias in aliases]
    standings, answering = list_standings(versions), list_answering(versions)
    running = Canary.objects.running().select_related("version__prompt")
    canaries = {canary.prompt_id: canary for canary in running}
    return [
        LiveVersion(
            version=alias.version,
            since=alias.updated_at,
            standings=standings[alias.version_id],
            answering=answering[alias.version_id],
            override=None if has_passed(standings[alias.version_id]) else find_override(alias),
            canary=canaries.get(alias.prompt_id),
        )
        for alias in aliases
    ]


def find_idle(live: Sequence[LiveVersion]) -> list[Prompt]:
    """The prompts of which no version is live."""
    return list(Prompt.objects.exclude(pk__in=[one.version.prompt_id for one in live]))
