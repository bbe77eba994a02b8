"""What a chat model is asked, as messages of the OpenAI-compatible protocol."""

import base64
from typing import Any

from registry.engines.base import EngineRequest
from registry.tasks import Image


def build_messages(request: EngineRequest) -> list[dict[str, Any]]:
    """The stable part first, for the prefix cache; what the wearer brought comes last."""
    examples = [
        message
        for example in request.examples
        for message in (
            {"role": "user", "content": build_question(example)},
            {"role": "assistant", "content": example["assistant"]},
        )
    ]
    content = [*map(build_image, request.images), {"type": "text", "text": request.user}]
    system = {"role": "system", "content": request.system}
    return [system, *examples, {"role": "user", "content": content}, *request.turns]


def build_question(example: dict[str, Any]) -> str | list[dict[str, Any]]:
    """What the user of a few-shot example said, with the picture first as in what the wearer brings."""
    if "image" not in example:
        return str(example["user"])
    return [build_image(example["image"]), {"type": "text", "text": example["user"]}]


def build_image(image: Image) -> dict[str, Any]:
    """A data URI: vLLM would fetch any other address by itself."""
    encoded = base64.b64encode(image.data).decode()
    return {"type": "image_url", "image_url": {"url": f"data:{image.media_type};base64,{encoded}"}}
