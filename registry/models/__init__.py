from registry.models.archivings import VersionArchiving
from registry.models.calls import (
    EXAMPLE_SUBJECT,
    PROBE_SUBJECT,
    InferenceCall,
    InferenceCallQuerySet,
)
from registry.models.canaries import Canary, CanaryCall, CanaryQuerySet
from registry.models.collected import CollectedExample, CollectedExampleQuerySet
from registry.models.datasets import (
    Dataset,
    DatasetChange,
    DatasetVersion,
    Example,
    ExampleQuerySet,
    Split,
)
from registry.models.evaluations import (
    EvaluationRun,
    EvaluationRunQuerySet,
    ExampleResult,
    Verdict,
    VerdictQuerySet,
)
from registry.models.overrides import GateThresholds, Override, OverrideQuerySet
from registry.models.prompts import (
    Alias,
    Deployment,
    Prompt,
    PromptVersion,
    PromptVersionQuerySet,
)
from registry.models.requests import CallRequest
from registry.models.tokens import ApiToken, ApiTokenQuerySet

__all__ = [
    "EXAMPLE_SUBJECT",
    "PROBE_SUBJECT",
    "Alias",
    "ApiToken",
    "ApiTokenQuerySet",
    "CallRequest",
    "Canary",
    "CanaryCall",
    "CanaryQuerySet",
    "CollectedExample",
    "CollectedExampleQuerySet",
    "Dataset",
    "DatasetChange",
    "DatasetVersion",
    "Deployment",
    "EvaluationRun",
    "EvaluationRunQuerySet",
    "Example",
    "ExampleQuerySet",
    "ExampleResult",
    "GateThresholds",
    "InferenceCall",
    "InferenceCallQuerySet",
    "Override",
    "OverrideQuerySet",
    "Prompt",
    "PromptVersion",
    "PromptVersionQuerySet",
    "Split",
    "Verdict",
    "VerdictQuerySet",
    "VersionArchiving",
]
