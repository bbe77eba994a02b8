from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/avif,.heic,.heif,.avif"


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(
        self, data: Any, files: MultiValueDict[str, UploadedFile[bytes]], name: str
    ) -> list[UploadedFile[bytes]]:
        return files.getlist(name)


class SeveralFilesField(forms.FileField):
    """The files as they came: what each one is, the service decides and says of each."""

    widget = SeveralFilesInput

    def clean(
        self, data: Sequence[UploadedFile[bytes]], initial: Any = None
    ) -> list[UploadedFile[bytes]]:
        if not data:
            raise forms.ValidationError("Choose one or more photos first.")
        return list(data)


class PhotoUploadForm(forms.Form):
    """With `upload_key` a script sends one file and wants its row; without, a browser sends many."""

    photos = SeveralFilesField()
    upload_key = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("upload_key") and len(cleaned.get("photos", [])) > 1:
            raise forms.ValidationError("One photo for each upload key.")
        return cleaned
