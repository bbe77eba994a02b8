from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from registry.models import Prompt
from registry.prompts.authoring import UnknownVariableError
from registry.services.versions import create_version
from tests.factories import make_operator
from tests.registry.live import BUNDLE, make_live

pytestmark = pytest.mark.django_db

FILE = '+++\ndescription = "Greets."\n+++\n\n# System\n\nYou greet.\n\n# User\n\nGreet $nam.\n'


def test_a_file_with_an_unknown_variable_is_not_loaded(prompt: Prompt, tmp_path: Path) -> None:
    (tmp_path / "greet.md").write_text(FILE)
    with pytest.raises(CommandError, match=r"# User.*Nothing fills \$nam; there are \$name"):
        call_command("load_prompts", directory=tmp_path)
    assert not prompt.versions.exists()


@pytest.mark.parametrize("part", ["system", "user"])
def test_no_version_has_a_variable_that_nothing_fills(prompt: Prompt, part: str) -> None:
    with pytest.raises(UnknownVariableError) as raised:
        create_version(prompt=prompt, bundle={**BUNDLE, part: "Greet $nam."})
    assert raised.value.part == part


def test_the_editor_says_it_at_the_text(prompt: Prompt, client: Client) -> None:
    client.force_login(make_operator())
    base = make_live(prompt)
    address = reverse("admin:registry_promptversion_draft", args=[base.pk])
    answer = client.post(address, {"system": "You greet.", "user": "Greet $nam.", "settings": ""})
    assert answer.status_code == 422
    assert "Nothing fills $nam; there are $name." in answer.content.decode()
