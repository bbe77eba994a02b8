"""Which versions are live, who moved them, and by whose leave."""

from django.contrib import admin
from unfold.decorators import display

from registry.admin.base import ReadOnlyAdmin
from registry.admin.tables import CsvExportMixin
from registry.evaluation import gate
from registry.models import Alias, Deployment, Override


@admin.register(Alias)
class AliasAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "version", "epoch", "updated_at"]
    list_select_related = ["prompt", "version__prompt"]


@admin.register(Deployment)
class DeploymentAdmin(CsvExportMixin, ReadOnlyAdmin):
    list_display = [
        "created_at",
        "prompt",
        "kind",
        "from_version",
        "to_version",
        "actor",
        "reason",
        "evaluation",
    ]
    list_filter = ["prompt", "kind"]
    list_select_related = [
        "prompt",
        "from_version__prompt",
        "to_version__prompt",
        "actor",
        "evaluation__version__prompt",
        "evaluation__dataset_version__dataset__prompt",
    ]


@admin.register(Override)
class OverrideAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "version", "state", "actor", "reason", "expires_at"]
    list_filter = ["version__prompt"]
    list_select_related = ["version__prompt", "actor"]

    @display(
        description="State", label={"open": "danger", "resolved": "success", "ended": "warning"}
    )
    def state(self, override: Override) -> tuple[str, str]:
        if gate.has_passed(override.version):
            return "resolved", "Resolved: it has passed since"
        if not override.version.overrides.open().filter(pk=override.pk).exists():
            return "ended", "Ended: it has expired, or its version was taken back"
        return "open", "Open: it has not passed"
