"""Operations: which version answers, how good it is, who moved it, and every call made."""

from registry.admin.base import FilledValuesFilter, ReadOnlyAdmin
from registry.admin.calls import InferenceCallAdmin
from registry.admin.canaries import CanaryAdmin
from registry.admin.datasets import DatasetAdmin
from registry.admin.evaluations import EvaluationRunAdmin
from registry.admin.moves import AliasAdmin, DeploymentAdmin, OverrideAdmin
from registry.admin.prompts import PromptAdmin, PromptVersionAdmin
from registry.admin.thresholds import GateThresholdsAdmin
from registry.admin.tokens import ApiTokenAdmin

__all__ = [
    "AliasAdmin",
    "ApiTokenAdmin",
    "CanaryAdmin",
    "DatasetAdmin",
    "DeploymentAdmin",
    "EvaluationRunAdmin",
    "FilledValuesFilter",
    "GateThresholdsAdmin",
    "InferenceCallAdmin",
    "OverrideAdmin",
    "PromptAdmin",
    "PromptVersionAdmin",
    "ReadOnlyAdmin",
]
