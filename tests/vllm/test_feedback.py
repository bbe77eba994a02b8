"""What wearers corrected, on a real server: photos as examples, and a text that the model rewrites."""

from typing import Any

import pytest

from feedback.proposals.few_shot import propose_examples
from feedback.proposals.rewriting import SAMPLING, TEXT, Rewriter
from feedback.services.consents import give_consent, withdraw_consent
from registry import inference
from registry.evaluation.trials import try_bundle
from registry.models import InferenceCall, Prompt
from tests.factories import let_every_engine_answer, make_image, make_user, promote
from tests.feedback.test_few_shot import show
from tests.vllm.live import DRAWN, go_live
from tests.vllm.server import VllmServer
from wardrobe.tasks import DigitizeContext

pytestmark = [pytest.mark.vllm, pytest.mark.django_db(transaction=True)]
SHORT = {**SAMPLING, "max_tokens": 60}


@pytest.fixture
def prompt(vllm: VllmServer, vocabulary: None, settings: Any, tmp_path: Any) -> Prompt:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    go_live("digitize_photo", engine="vllm", sampling=DRAWN)
    return Prompt.objects.get(name="digitize_photo")


def test_the_photos_of_a_draft_are_shown_to_the_model_until_nobody_lets_us(prompt: Prompt) -> None:
    wearers = [make_user() for _ in range(3)]
    for number, wearer in enumerate(wearers):
        give_consent(wearer)
        show(wearer, (1.0, number / 10))
    promote(propose_examples(prompt).version)
    let_every_engine_answer(prompt.name)
    context = DigitizeContext.of(make_image(size=(320, 240), format="WEBP"))
    tokens = [ask(context)]
    for wearer in wearers:
        withdraw_consent(wearer)
        tokens.append(ask(context))
    pictures = [more - fewer for more, fewer in zip(tokens, tokens[1:], strict=False)]
    assert all(gap > 64 for gap in pictures), f"{tokens} tokens went in with 3, 2, 1 and no photo"


def ask(context: DigitizeContext) -> int:
    """How many tokens went into a request that the server answered."""
    for seed in range(
        8
    ):  # A model that knows nothing may choose no garment, which is an answer too.
        inference.run("digitize_photo", context, subject="photo:1", seed=seed)
    call = InferenceCall.objects.filter(task="digitize_photo", engine="vllm").latest("started_at")
    assert call.outcome == "succeeded"
    return call.input_tokens or 0


def test_the_model_is_asked_for_another_text_and_judged_by_it(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model of random weights writes nothing of use: what it writes is a text or none, and none is kept."""
    live = prompt.production()
    assert live is not None
    bundle = live.version.bundle
    context = DigitizeContext.of(make_image(size=(320, 240), format="WEBP"))
    try_bundle(prompt.name, bundle, context, engine="vllm")
    monkeypatch.setattr("feedback.proposals.rewriting.SAMPLING", SHORT)
    rewriter = Rewriter(prompt, bundle, [])
    told = {TEXT: [{"Feedback": "type: shirt, right is blouse"}]}
    texts = rewriter.propose_new_texts({TEXT: bundle[TEXT]}, told, [TEXT])
    assert isinstance(texts[TEXT], str)
    assert not InferenceCall.objects.filter(version=live.version).exists()
