"""What an operation of the API gives back."""

from dataclasses import dataclass

from django.http import HttpResponse
from pydantic import BaseModel


@dataclass(frozen=True)
class Answer:
    """`location` is the address of what was made."""

    content: BaseModel
    status: int = 200
    location: str = ""

    def respond(self) -> HttpResponse:
        return HttpResponse(
            self.content.model_dump_json(),
            status=self.status,
            content_type="application/json",
            headers={"Location": self.location} if self.location else {},
        )
