"""Vectors by a model of embeddings that a vLLM serves. Imported where one is configured alone, for httpx's sake."""

import hashlib
import io
import json
import ssl
import time
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from registry import tasks
from registry.engines.base import (
    EngineOverloadedError,
    EngineTimeoutError,
    EngineUnavailableError,
    InputRefusedError,
    ModelMissingError,
    OutputError,
)
from registry.engines.breaker import Breaker
from registry.engines.messages import build_image
from registry.engines.vllm import OVERLOADED, REFUSED, make_tls

BREAKER = "embeddings"
SENT_SIDE = 512
"""Pixels: more than the largest square that a SigLIP of one size looks at, 384, save for two."""
SENT_QUALITY = 90
MAX_REPLY_BYTES = 1_000_000
MAX_ERROR_CHARACTERS = 300

Floats = NDArray[np.float32]


class VllmExtractor:
    """`{base_url}/v1/embeddings` of a vLLM that was started with `--runner pooling`.

    `dimensions` is the width of the model's vectors; `timeout_s` holds for connecting and for a whole
    answer. A server that fails rests for the breaker's cooldown: all processes know it.
    """

    def __init__(
        self,
        *,
        base_url: str,
        model: str,
        dimensions: int,
        api_key: str = "",
        timeout_s: float = 5.0,
        alike_distance: float = 0.15,
        cooldown_s: float = 10.0,
    ) -> None:
        self.url = f"{base_url.removesuffix('/v1')}/v1/embeddings"
        self.model = model
        self.dimensions = dimensions
        self.headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self.timeout_s = timeout_s
        self.alike_distance = alike_distance
        self.breaker = Breaker(BREAKER, cooldown_s=cooldown_s)
        self.tls: ssl.SSLContext = make_tls(self.url)

    @property
    def name(self) -> str:
        """Of the model and its width; where it runs changes nothing."""
        return f"vllm-{hashlib.sha256(self.model.encode()).hexdigest()[:12]}-{self.dimensions}"

    def embed(self, picture: Image.Image) -> Floats:
        if not self.breaker.allows():
            raise EngineUnavailableError("The embeddings server failed just now, and rests")
        try:
            vector = read_vector(self.ask(picture), self.dimensions)
        except (EngineUnavailableError, OutputError) as error:
            self.breaker.open(str(error))
            raise
        except InputRefusedError:
            self.breaker.close()  # It is well: it answers, though not to this picture.
            raise
        self.breaker.close()
        return vector

    def ask(self, picture: Image.Image) -> bytes:
        """The body of its answer. One connection a call, as vLLM closes idle ones after 5 s."""
        timeout = httpx.Timeout(self.timeout_s)
        try:
            with (
                httpx.Client(timeout=timeout, headers=self.headers, verify=self.tls) as client,
                client.stream("POST", self.url, json=self.build_body(picture)) as response,
            ):
                body = read_body(response, time.monotonic() + self.timeout_s)
                raise_for_status(response.status_code, body)
                return body
        except httpx.TimeoutException as error:
            raise EngineTimeoutError(f"It took too long: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            raise EngineUnavailableError(f"It is away: {type(error).__name__}") from error

    def build_body(self, picture: Image.Image) -> dict[str, Any]:
        """The picture alone: a SigLIP embeds a picture or a text, not both."""
        content = [build_image(encode_picture(picture))]
        messages = [{"role": "user", "content": content}]
        return {"model": self.model, "messages": messages, "encoding_format": "float"}


def encode_picture(picture: Image.Image) -> tasks.Image:
    """As JPEG, small: what is lost is finer than the model sees."""
    small = picture.convert("RGB")
    small.thumbnail((SENT_SIDE, SENT_SIDE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.save(file, "JPEG", quality=SENT_QUALITY)
    return tasks.Image(file.getvalue(), "image/jpeg")


def read_body(response: httpx.Response, deadline: float) -> bytes:
    """Raises EngineTimeoutError past `deadline`, of a server that sends byte after byte too."""
    body = b""
    for part in response.iter_bytes():
        body += part
        if time.monotonic() > deadline:
            raise EngineTimeoutError("It took too long to say its answer")
        if len(body) > MAX_REPLY_BYTES:
            raise OutputError("It sent an answer without end")
    return body


def raise_for_status(status: int, body: bytes) -> None:
    if status == httpx.codes.OK:
        return
    message = f"It answered {status}: {body.decode('utf-8', 'replace')[:MAX_ERROR_CHARACTERS]}"
    if status in REFUSED:
        raise InputRefusedError(message)
    if status in OVERLOADED:
        raise EngineOverloadedError(message)
    if status == httpx.codes.NOT_FOUND:
        raise ModelMissingError(message)
    raise EngineUnavailableError(message)


def read_vector(body: bytes, dimensions: int) -> Floats:
    """The unit vector in an answer. Raises OutputError for anything else."""
    try:
        numbers = json.loads(body)["data"][0]["embedding"]
        if not all(type(number) in {int, float} for number in numbers):
            raise TypeError("not all are numbers")
        vector = np.array(numbers, dtype=np.float64)
    except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError) as error:
        raise OutputError("It sent something that is no embedding") from error
    if vector.shape != (dimensions,):
        raise OutputError(f"It sent {vector.size} numbers, expected {dimensions}")
    # Divided first, so that no square of a large number is infinite.
    largest = np.abs(vector).max()
    if not np.isfinite(largest) or largest == 0.0:
        raise OutputError("It sent numbers that are not finite, or all zero")
    vector /= largest
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
