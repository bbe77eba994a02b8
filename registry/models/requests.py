"""What a call was asked, for as long as it may be looked at."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from registry.models.calls import InferenceCall


class CallRequest(models.Model):
    """The request of a call that somebody waited for, as it was rendered, and the context it was made of.

    It holds a wearer's words and clothes: it goes with their account, and after `settings.CALL_WORDS_KEPT_DAYS`.
    """

    call = models.OneToOneField(
        InferenceCall, on_delete=models.CASCADE, primary_key=True, related_name="request"
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    system = models.TextField()
    user = models.TextField()
    schema = models.JSONField()
    picture_sha256s = models.JSONField(help_text="Of the pictures that went with it, in order.")
    context = models.JSONField(help_text="As the task stores it: without pictures.")
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    def __str__(self) -> str:
        return f"request of {self.call_id}"
