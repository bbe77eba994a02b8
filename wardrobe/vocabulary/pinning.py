"""What makes an AI job use the vocabulary: its versions pin a revision."""

from typing import ClassVar

from wardrobe.vocabulary.revisions import (
    UnknownVocabularyError,
    published_revision,
    read_revision,
)


class PinsVocabulary:
    """Goes before `registry.tasks.Task` among a task's bases; the task overrides `pin_context`."""

    uses_vocabulary: ClassVar[bool] = True

    def current_vocabulary(self) -> str:
        return published_revision()

    def explain_vocabulary(self, revision: str) -> str:
        try:
            read_revision(revision)
        except UnknownVocabularyError as error:
            return str(error)
        return ""
