"""What shapes an answer cannot change under the revision that versions hold."""

import pytest

from registry.prompts import bundles
from styling.stylist import comfort, prompt_variables
from styling.tasks import SuggestOutfit
from tests import revisions

NOW = {"schema_revision": 1, "digest": "new"}


@pytest.mark.parametrize("name", revisions.read_stored())
def test_the_stored_digest_is_of_what_the_code_does(name: str) -> None:
    assert (
        revisions.find_fault(name, revisions.digest_tasks()[name], revisions.read_stored()[name])
        == ""
    )


def test_every_task_that_answers_has_a_digest() -> None:
    from registry.tasks import all_tasks

    assert set(all_tasks()) == set(revisions.read_stored())


def test_a_change_asks_for_a_higher_revision() -> None:
    fault = revisions.find_fault("greet", NOW, {"schema_revision": 1, "digest": "old"})
    assert "raise schema_revision of greet" in fault
    raised = revisions.find_fault("greet", {**NOW, "schema_revision": 2}, {**NOW, "digest": "old"})
    assert "raise" not in raised and "--write" in raised


@pytest.mark.parametrize(
    ("owner", "name", "value"),
    [
        (comfort, "TOLERANCE_CLO", 0.9),
        (prompt_variables, "FORMALITY", ("casual",)),
        (SuggestOutfit, "schema", lambda self, context, parameters: {}),
        (SuggestOutfit, "offline", lambda self, context, parameters: iter(["{}"])),
    ],
)
def test_the_digest_sees(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, value: object
) -> None:
    before = bundles.digest(revisions.shape_suggest_outfit())
    monkeypatch.setattr(owner, name, value)
    assert bundles.digest(revisions.shape_suggest_outfit()) != before
