"""How texts are written, in templates and catalogues: quotation marks, colons and capitals of each language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines
from django.utils.translation import override

from accounts.languages.words import colon, quote_words, within
from tests import messages

TEMPLATES = messages.ROOT / "templates"
OPERATORS = ("admin/", "registry/", "monitoring/", "feedback/training", "feedback/review",
             "feedback/lineage", "feedback/examples", "feedback/proposal",
             "unfold/", "own_data/delete_person", "own_data/_receipt_in_admin", "feedback/make_", "feedback/_example",
             "wardrobe/_vocabulary", "wardrobe/vocabulary_")  # fmt: skip
"""What only operators read stays English."""
SAID = re.compile(r"{%\s*blocktrans.*?{%\s*endblocktrans\w*\s*%}", re.DOTALL)
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?{%\s*endcomment\s*%}", re.DOTALL)
BODY = re.compile(r"{%\s*block \w+_class\s*%}.*?{%\s*endblock[^%]*%}", re.DOTALL)
MARKS = {"de": "„“", "es": "«»", "fr": "«»"}
HOLES = re.compile(r"https?://\S+|%\(\w+\)\w|\{\w*\}|<[^>]+>|&\w+;")


def list_templates() -> list[Path]:
    files = [path for end in ("*.html", "*.txt") for path in TEMPLATES.rglob(end)]
    return [one for one in files if not str(one.relative_to(TEMPLATES)).startswith(OPERATORS)]


def read_bare(path: Path) -> str:
    """A template without what is said through the catalogues."""
    return re.sub(r"{%.*?%}", "", SAID.sub("", COMMENT.sub("", path.read_text())))


def list_texts(language: str) -> Iterator[str]:
    for domain in messages.DOMAINS:
        for message in messages.read(messages.find_file(language, domain), language, domain):
            if message.id and message.context != "form of dates":
                texts = [message.string] if isinstance(message.string, str) else message.string
                yield from (HOLES.sub("X", text) for text in texts)


def test_no_template_makes_small_what_a_language_may_write_with_a_capital() -> None:
    found = {path.name for path in list_templates() if re.search(r"\|lower\b", path.read_text())}
    assert len(list_templates()) > 100 and found == set()


def test_no_template_has_quotation_marks_or_colons_of_its_own() -> None:
    quotes = {path.name for path in list_templates() if re.search("[“”„«»]", read_bare(path))}
    colons = {
        path.name
        for path in list_templates()
        if re.search(r"(?:}}|</\w+>|visually-hidden\">): (?:{{|<)", read_bare(path))
    }
    assert quotes == set() and colons == set()


def test_no_template_says_a_word_that_is_in_no_catalogue() -> None:
    """In whatever branch of it: what stands between its tags, or is read out, is a name or nothing."""
    found = {path.name: words for path in list_templates() if (words := find_words_of(path))}
    assert found == {}


def find_words_of(path: Path) -> set[str]:
    text = BODY.sub("", SAID.sub(" ", COMMENT.sub(" ", path.read_text())))
    text = re.sub(r"{{.*?}}|{%.*?%}|<(script|style|svg|code).*?</\1>", " ", text, flags=re.DOTALL)
    heard = re.findall(r'(?:aria-label|alt|title|placeholder|aria-description)="([^"]*)"', text)
    words = re.findall(r"[A-Za-z]{3,}", " ".join([re.sub(r"<[^>]*>", " ", text), *heard]))
    return {*words} - {"Dresscode", "Dress", "code"}


def test_no_script_shows_words_of_its_own() -> None:
    """Not such as `place.textContent = "Saved"`."""
    shown = re.compile(
        r"(?:textContent|innerText|placeholder|title|ariaLabel|[\"']aria-label[\"'])\s*[=,]\s*"
        r"([\"'`])[^\"'`]*[A-Za-z]{3,}"
    )
    scripts = list((messages.ROOT / "static" / "js").rglob("*.js"))
    assert len(scripts) > 15
    assert [path.name for path in scripts if shown.search(path.read_text())] == []
    assert shown.search('place.textContent = "Saved"')


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_quotation_marks_are_those_of_the_language(language: str) -> None:
    marks = "".join(mark for text in list_texts(language) for mark in re.findall('[“”„«»"]', text))
    opening, closing = MARKS[language]
    assert set(marks) == {opening, closing}
    assert marks.count(opening) == marks.count(closing)
    with override(language):
        assert quote_words("X").strip(MARKS[language] + "\u00a0") == "X"


def test_french_puts_a_space_that_does_not_break_before_its_signs() -> None:
    texts = list(list_texts("fr"))
    wrong = [
        text
        for text in texts
        if re.search(r"[^\u00a0\u202f ?!][:;?!»]|[ ][:;?!»]|«[^\u00a0\u202f]", text)
    ]
    assert wrong == [] and sum("\u00a0:" in text for text in texts) > 100
    with override("fr"):
        assert colon() == "\u00a0:" and quote_words("X") == "«\u00a0X\u00a0»"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "business trip"), ("de", "Business trip"), ("fr", "business trip")],
)
def test_words_of_ours_begin_small_amid_a_sentence_but_in_german(language: str, said: str) -> None:
    with override(language):
        assert within("Business trip") == said
        assert within("T-Shirt")[1:] == "-Shirt"


def test_what_a_wearer_wrote_is_escaped_in_its_quotation_marks() -> None:
    template = engines["django"].from_string("{% load languages %}{{ words|quoted }}{% colon %}")
    with override("de"):
        assert template.render({"words": "<b>"}) == "„<bdi>&lt;b&gt;</bdi>“:"
