"""What versions of the photo prompt get right on the golden photos, field by field, for `benchmarks.gate`.

    python -m benchmarks.gate_scores --write

Writes `benchmarks/data/gate_scores.json`: for the shipped version, and for versions that differ from it in one number
of the built-in engine, a string of 0 and 1 a photo, a digit a labelled field, in the same order in every version.
It takes some minutes; without `--write` it does nothing, so that `make bench` passes it by.
"""

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.stream import stores

ROOT = Path(__file__).resolve().parent.parent
SCORES = Path(__file__).with_name("data") / "gate_scores.json"
TASK = "digitize_photo"
CHANGES: dict[str, dict[str, Any]] = {
    "shipped": {},
    "whole_bias 0.55": {"whole_bias": 0.55},
    "type_certainty 0.75": {"type_certainty": 0.75},
    "minimum_area 0.009": {"minimum_area": 0.009},
    "analysis_side 224": {"analysis_side": 224},
    "maximum_garments 3": {"maximum_garments": 3},
}


def collect_scores() -> dict[str, dict[str, str]]:
    """By version, then by photo."""
    import django

    django.setup()
    from django.core.management import call_command

    from registry.prompts.files import parse_prompt_file
    from registry.tasks import get_task

    call_command("migrate", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    task = get_task(TASK)
    parameters = parse_prompt_file(ROOT / "fixtures" / "prompts" / f"{TASK}.md").bundle[
        "parameters"
    ]
    scores: dict[str, dict[str, str]] = {name: {} for name in CHANGES}
    for example in task.read_examples(ROOT / "fixtures" / "golden" / TASK):
        context = task.example_context(example.input, example.file)
        for name, change in CHANGES.items():
            changed = {**parameters, "vision": {**parameters["vision"], **change}}
            text = "".join(task.offline(context, changed))
            score = task.score(context, example.expected, task.output.model_validate_json(text))
            scores[name][example.key] = write_digits(score.fields)
        print(example.key, file=sys.stderr)
    return scores


def write_digits(fields: Any) -> str:
    """A garment too many is no question that every version was asked, and has no digit."""
    from registry.evaluation.attempts import EXTRA

    asked = sorted(
        (field for field in fields if field.name != EXTRA), key=lambda f: (f.subject, f.name)
    )
    return "".join(str(int(field.correct)) for field in asked)


def main() -> None:
    with stores():
        scores = collect_scores()
    SCORES.write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__" and "--write" in sys.argv[1:]:
    main()
