"""What people asked and uploaded in a month, and the same of the golden examples, as words to compare."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import F

from monitoring.coverage.gaps import Mix, Values, Vote, compare
from monitoring.drift.golden import GoldenPhotos
from monitoring.drift.properties import PROPERTIES, Property, find_photos, within
from monitoring.drift.statistics import cast_votes
from monitoring.drift.windows import Window
from registry.models import CallRequest, Example, InferenceCall
from registry.tasks import AnyTask, all_tasks

MONTH = timedelta(days=28)
MOST_WEARERS = 2_000
"""More votes change little, and each context has to be loaded."""


def list_mixes(at: datetime, *, one_of: int = 1) -> list[Mix]:
    """Of each task whose questions have traits, and of each property of photos that golden labels show; of one of so many
    wearers."""
    window = Window(at - MONTH, at, one_of)
    asked = [compare_task(task, window) for task in all_tasks().values()]
    golden = GoldenPhotos()
    photos = [compare_property(one, window, golden) for one in PROPERTIES if one.golden]
    return [mix for mix in [*asked, *photos] if mix.examples]


def compare_task(task: AnyTask, window: Window) -> Mix:
    golden = list(read_golden(task))
    return compare(task.name, list(read_asked(task, window)) if golden else [], golden)


def read_golden(task: AnyTask) -> Iterator[Values]:
    """The traits of the current golden examples; nothing of a task that has none."""
    current = Example.objects.filter(
        dataset_version=F("dataset_version__dataset__current"),
        dataset_version__dataset__prompt__name=task.name,
        file="",
    )
    for example in current.only("input").order_by():
        try:
            context = task.example_context(example.input, b"")
        except (LookupError, ValueError):
            continue
        if traits := task.list_traits(context):
            yield traits


def read_asked(task: AnyTask, window: Window) -> Iterator[Vote]:
    """The newest question of each wearer whose context this release can still load."""
    newest = (
        within(CallRequest.objects.filter(call__task=task.name), window)
        .order_by("owner", "-created_at")
        .distinct("owner")
        .values("pk")
    )
    requests = CallRequest.objects.filter(pk__in=newest).order_by("-created_at")
    for pk, stored in requests.values_list("pk", "context")[:MOST_WEARERS]:
        try:
            context = task.load_context(stored, ())
        except (LookupError, TypeError, ValueError):
            continue
        yield Vote(task.list_traits(context), str(pk))


def compare_property(one: Property, window: Window, photos: GoldenPhotos) -> Mix:
    """One vote a wearer, drawn among what they uploaded; of golden photos every one."""
    golden = [{one.name: str(seen.value)} for seen in one.golden(photos)] if one.golden else []
    drawn = cast_votes(list(one.read(window)))
    votes = [Vote({one.name: str(vote.value)}, str(vote.key)) for vote in drawn]
    mix = compare(one.name, votes, golden)
    gaps = [replace(gap, rows=find_calls(one.unit, gap.rows)) for gap in mix.gaps]
    return replace(mix, gaps=tuple(gaps))


def find_calls(unit: str, keys: Sequence[str]) -> tuple[str, ...]:
    """The newest call about each photo behind some rows, as far as there are any: of those, examples can be made."""
    photos = find_photos(unit, keys)
    subjects = [f"photo:{pk}" for pk in photos.values_list("pk", flat=True)]
    calls = InferenceCall.objects.filter(subject__in=subjects).order_by("subject", "-started_at")
    return tuple(str(pk) for pk in calls.distinct("subject").values_list("pk", flat=True))


def read_mixes(stored: Sequence[dict[str, object]]) -> list[Mix]:
    """Those that a report holds."""
    return [Mix.from_json(one) for one in stored]
