from registry.prompts.diff import Change, Fragment, compare_bundles, compare_texts


def test_unchanged_lines_stay_and_changed_words_are_marked() -> None:
    lines = compare_texts("Be kind.\nSay hello now.", "Be kind.\nSay hello later.")
    assert [(line.kind, line.number) for line in lines] == [("same", 1), ("del", 2), ("add", 2)]
    assert Fragment("now", changed=True) in lines[1].fragments
    assert Fragment("later", changed=True) in lines[2].fragments


def test_lines_that_have_nothing_in_common_are_not_marked() -> None:
    _, added = compare_texts("abc def", "Something else entirely!")
    assert added.fragments == (Fragment("Something else entirely!"),)


def test_values_are_compared_by_path() -> None:
    before = {"system": "a", "user": "b", "sampling": {"temperature": 0.2, "top_p": 1}}
    after = {"system": "a", "user": "b", "sampling": {"temperature": 0.7, "top_p": 1}}
    difference = compare_bundles(before, after)
    assert difference.changes == [Change("sampling.temperature", "0.2", "0.7")]
    assert not difference.texts


def test_equal_bundles_have_no_difference() -> None:
    assert compare_bundles({"system": "a"}, {"system": "a"}).is_empty
