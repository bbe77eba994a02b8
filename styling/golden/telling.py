"""An expectation in words, for operators: what must hold of an answer, a sentence a rule."""

from collections.abc import Iterator, Sequence

from styling.golden.expectations import OutfitExpectation, Rule


def tell_expectation(expected: OutfitExpectation) -> list[str]:
    """What the scenario asks, in the order of its checks."""
    return [*_tell_outfit(expected), *_tell_rules(expected), *_tell_prose(expected)]


def _tell_outfit(expected: OutfitExpectation) -> Iterator[str]:
    if expected.nothing:
        yield "No outfit can be made of this wardrobe, and none is to be made up."
    if expected.missing:
        yield f"Says that this is missing: {_list_words(expected.missing)}."
    if expected.warmth:
        least, most = expected.warmth.clo
        yield f"Keeps as warm as {least:g} to {most:g} clo."
    if expected.formality:
        yield f"Is {_list_words(expected.formality.among, 'or')}."


def _tell_rules(expected: OutfitExpectation) -> Iterator[str]:
    rules = {
        "": expected.complete,
        " for the warmth": expected.warmth,
        " for the formality": expected.formality,
        " for the rain": expected.rain,
        " for variety": expected.variety,
        " for what the wearer likes": expected.taste,
    }
    for purpose, rule in rules.items():
        if rule:
            yield from _tell_rule(rule, purpose)


def _tell_rule(rule: Rule, purpose: str) -> Iterator[str]:
    for entry in rule.needs:
        yield f"Wears {_list_words(entry.split('|'), 'or')}{purpose}."
    if rule.never:
        yield f"Never wears {_list_words(rule.never, 'or')}{purpose}."
    if rule.not_all:
        yield f"Does not wear all of these together{purpose}: {_list_words(rule.not_all)}."


def _tell_prose(expected: OutfitExpectation) -> Iterator[str]:
    if expected.truthful.says:
        yield f"Its text says {_list_quoted(expected.truthful.says, 'and')}."
    if expected.truthful.unsaid:
        yield f"Its text does not say {_list_quoted(expected.truthful.unsaid, 'or')}."


def _list_quoted(words: Sequence[str], last: str) -> str:
    return _join([f"“{word}”" for word in words], last)


def _list_words(names: Sequence[str], last: str = "and") -> str:
    """Keys and words of the vocabulary as people read them: `white-shirt` is "white shirt"."""
    return _join([name.replace("-", " ").replace("_", " ") for name in names], last)


def _join(words: Sequence[str], last: str) -> str:
    *rest, end = words
    return f"{', '.join(rest)} {last} {end}" if rest else end
