from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardrobe.models import Garment, Photo, PhotoAnswer
from wardrobe.services.garments import call

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/avif,.heic,.heif,.avif"
ACCEPT += ",image/gif,image/tiff,image/bmp"
MOST_AT_ONCE = 100
"""Photos that a script takes in one go, one request each; a form without a script has `PHOTO_MAX_COUNT`."""


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
            raise forms.ValidationError(_("Choose one or more photos first."))
        return list(data)


class PhotoUploadForm(forms.Form):
    """With `upload_key` a script sends one file and wants its tile; without, a browser sends many. `batch` is of those
    that were chosen together.
    """

    photos = SeveralFilesField(label=gettext_lazy("Photos"))
    upload_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    batch = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("upload_key") and len(cleaned.get("photos", [])) > 1:
            raise forms.ValidationError(_("One photo for each upload key."))
        return cleaned


class PhotoAnswerForm(forms.Form):
    """What a photo shows beside the one it is alike: "same", "different", or the key of a garment
    that it shows once more.
    """

    answer = forms.ChoiceField()

    def __init__(self, data: Any = None, *, photo: Photo) -> None:
        super().__init__(data)
        self.garments = {str(one.pk): one for one in Garment.objects.alike(photo)}
        views = [(key, self.say_view(one)) for key, one in self.garments.items()]
        verdicts = PhotoAnswer.Verdict
        same, different = verdicts.SAME, verdicts.DIFFERENT
        choices = [(same.value, same.label), *views, (different.value, different.label)]
        self.fields["answer"].choices = choices  # type: ignore[attr-defined]
        self.choices = [choice for choice in choices if choice[0] != photo.answer]

    def say_view(self, garment: Garment) -> str:
        alone = len(self.garments) == 1
        if alone:
            return _("Another photo of it")
        return _("Another photo of: %(name)s") % {"name": call(garment)}

    @property
    def garment(self) -> Garment | None:
        return self.garments.get(self.cleaned_data["answer"])

    @property
    def verdict(self) -> PhotoAnswer.Verdict:
        return PhotoAnswer.Verdict("view" if self.garment else self.cleaned_data["answer"])
