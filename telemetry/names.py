"""What our fields are called in spans. A field that is not here is not sent.

The names of `gen_ai.*` are those of opentelemetry-semantic-conventions 0.66b2, but for `gen_ai.prompt.version`, which
the conventions' repository has and no release of that package. Ours begin with `dresscode`.
"""

SPAN_FIELDS = {
    "operation": "gen_ai.operation.name",
    "provider": "gen_ai.provider.name",
    "workflow": "gen_ai.workflow.name",
    "request_model": "gen_ai.request.model",
    "seed": "gen_ai.request.seed",
    "temperature": "gen_ai.request.temperature",
    "top_p": "gen_ai.request.top_p",
    "top_k": "gen_ai.request.top_k",
    "max_tokens": "gen_ai.request.max_tokens",
    "is_streamed": "gen_ai.request.stream",
    "output_type": "gen_ai.output.type",
    "prompt_name": "gen_ai.prompt.name",
    "prompt_version": "gen_ai.prompt.version",
    "response_id": "gen_ai.response.id",
    "response_model": "gen_ai.response.model",
    "finish_reasons": "gen_ai.response.finish_reasons",
    "first_chunk_s": "gen_ai.response.time_to_first_chunk",
    "input_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
    "error_type": "error.type",
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
    "queue": "messaging.destination.name",
    "job": "messaging.message.id",
    "version_sha256": "dresscode.version.sha256",
    "epoch": "dresscode.epoch",
    "canary_side": "dresscode.canary.side",
    "violation_codes": "dresscode.violation.codes",
    "outcome": "dresscode.outcome",
    "job_name": "dresscode.job",
}
RESULT = "gen_ai.evaluation.result"
RESULT_FIELDS = {
    "name": "gen_ai.evaluation.name",
    "label": "gen_ai.evaluation.score.label",
    "response_id": "gen_ai.response.id",
}
