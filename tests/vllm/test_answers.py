"""What a model that knows nothing must still get right, because the server holds it to the schema."""

import pytest

from registry import inference
from registry.models import InferenceCall
from tests.factories import make_image
from tests.vllm.live import DRAWN, go_live
from tests.vllm.server import VllmServer
from wardrobe.tasks import DigitizeContext, find_unknown

pytestmark = [pytest.mark.vllm, pytest.mark.django_db(transaction=True)]


def test_a_photo_becomes_garments_in_the_vocabulary(vllm: VllmServer, vocabulary: None) -> None:
    """Drawn by several seeds, since an empty list is an answer too. A schema holds words to the vocabulary, and cannot
    hold a sleeve to what has one.
    """
    go_live("digitize_photo", engine="vllm", sampling=DRAWN)
    context = DigitizeContext.of(make_image(size=(320, 240), format="WEBP"))
    answers = [
        inference.run("digitize_photo", context, subject="photo:1", seed=seed).output
        for seed in range(8)
    ]
    garments = [garment for answer in answers for garment in answer.garments]
    assert garments
    found = [violation for garment in garments for violation in find_unknown(context, garment)]
    assert {violation.code for violation in found} <= {"unsuited_value"}
    for call in InferenceCall.objects.all():
        assert (call.outcome, call.engine, call.finish_reason) == ("succeeded", "vllm", "stop")
        assert call.input_tokens > 500 and call.output_tokens > 1
