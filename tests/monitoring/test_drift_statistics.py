"""The tests for drift are exact, count a wearer once, and find what is there."""

import numpy as np
import pytest

from monitoring.drift.classifier import areas_under_curve, tell_apart
from monitoring.drift.findings import Finding, control
from monitoring.drift.statistics import (
    Observation,
    cast_votes,
    cut_bins,
    find_bin,
    find_new,
    holm,
    jensen_shannon,
    permutation_test,
)

FORMATS = np.array([0.62, 0.22, 0.08, 0.05, 0.025, 0.005])


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ([1, 1], [10, 10], 0.0),
        ([5, 0], [0, 5], 1.0),
        ([1, 0], [1, 1], 0.5579230452841438),  # sqrt(1 - 3/4 log2 3 + 1/2), by hand.
        ([0, 0], [0, 0], 0.0),
    ],
)
def test_known_distances(first: list[int], second: list[int], distance: float) -> None:
    assert jensen_shannon(first, second) == pytest.approx(distance, abs=1e-9)
    assert jensen_shannon(second, first) == pytest.approx(distance, abs=1e-9)


def test_p_is_the_share_of_all_deals_in_a_case_that_can_be_counted() -> None:
    """Three of one kind and three of another in two windows of three: 2 of 20 deals part them wholly."""
    test = permutation_test(np.array([3, 0]), np.array([0, 3]), redraws=20_000)
    assert test.distance == pytest.approx(1)
    assert test.p == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("size", [20, 50, 200])
def test_p_is_uniform_when_nothing_changed(size: int) -> None:
    """At every level, at most that share of windows is called changed: three standard errors of room."""
    rng = np.random.default_rng(7)
    ps = np.array(
        [
            permutation_test(
                rng.multinomial(size, FORMATS),
                rng.multinomial(200, FORMATS),
                redraws=199,
                seed=trial,
            ).p
            for trial in range(600)
        ]
    )
    for level in (0.05, 0.2, 0.5):
        room = 3 * np.sqrt(level * (1 - level) / len(ps))
        assert (ps <= level).mean() <= level + room
    assert (ps <= 0.5).mean() >= 0.35  # It is no test that never alarms.


def test_p_of_numbers_is_uniform_too_with_edges_of_both_windows() -> None:
    rng, ps = np.random.default_rng(3), []
    for trial in range(600):
        now, before = rng.normal(size=40), rng.normal(size=60)
        edges = cut_bins([*now, *before], 5)
        counts = [
            np.bincount([find_bin(value, edges) for value in values], minlength=5)
            for values in (now, before)
        ]
        ps.append(permutation_test(*counts, redraws=199, seed=trial).p)
    for level in (0.05, 0.2, 0.5):
        share = np.mean(np.array(ps) <= level)
        assert abs(share - level) <= 3 * np.sqrt(level * (1 - level) / 600) + 0.02


def test_a_real_change_is_found() -> None:
    changed = np.array([0.44, 0.40, 0.08, 0.05, 0.025, 0.005])
    now = np.round(200 * changed).astype(int)
    before = np.round(800 * FORMATS).astype(int)
    test = permutation_test(now, before)
    assert test.p <= 0.001
    assert test.distance >= 0.1


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([]) == []


def test_the_smallest_p_passes_for_as_many_tests_as_there_are() -> None:
    """Else nothing could ever drift."""
    far_apart = permutation_test(np.array([50, 0]), np.array([0, 50]))
    findings = [Finding("format", "previous", 50, 50, 50, p=far_apart.p, distance=1.0)]
    findings += [Finding("type", "previous", 50, 50, 50, p=1.0, distance=0.0) for _ in range(30)]
    assert [one.state for one in control(findings)][:2] == ["drifted", "usual"]


def test_no_alarm_without_an_effect() -> None:
    [small] = control([Finding("format", "previous", 9000, 9000, 9000, p=1e-4, distance=0.06)])
    assert small.state == "small"


def test_a_wearer_has_one_vote_and_always_the_same() -> None:
    sent = [Observation("bob", key, key % 3) for key in range(40)]
    sent += [Observation("alice", 99, 1)]
    votes = cast_votes(sent)
    assert sorted(vote.wearer for vote in votes) == ["alice", "bob"]
    assert cast_votes(reversed(sent[:40])) == [one for one in votes if one.wearer == "bob"]


def test_votes_are_drawn_evenly_from_what_a_wearer_sent() -> None:
    """A quarter of each wearer's photos is odd: so is a quarter of the votes, not all or none."""
    sent = [Observation(wearer, f"{wearer}.{i}", i == 0) for wearer in range(800) for i in range(4)]
    share = np.mean([vote.value for vote in cast_votes(sent)])
    assert share == pytest.approx(0.25, abs=0.05)


def test_clusters_raise_no_false_alarms() -> None:
    """Each wearer sends many of one kind: 12 uploads each would be called a change far too often."""
    rng, alarms, naive = np.random.default_rng(5), 0, 0
    for trial in range(300):
        kinds = [rng.choice(6, size=n, p=FORMATS) for n in (30, 90)]
        windows = [
            [Observation(i, f"{trial}.{i}.{j}", k) for i, k in enumerate(ks) for j in range(12)]
            for ks in kinds
        ]
        counts = [np.bincount([v.value for v in cast_votes(w)], minlength=6) for w in windows]
        alarms += permutation_test(*counts, redraws=199).p <= 0.05
        counts = [np.bincount([v.value for v in window], minlength=6) for window in windows]
        naive += permutation_test(*counts, redraws=199).p <= 0.05
    assert alarms / 300 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)
    assert naive / 300 >= 0.4


def test_wearers_who_come_back_make_false_alarms_no_more_frequent() -> None:
    rng, alarms = np.random.default_rng(6), 0
    for trial in range(300):
        own = rng.choice(6, size=60, p=FORMATS)
        now, before = (
            np.where(rng.random(60) < 0.8, own, rng.choice(6, size=60, p=FORMATS)) for _ in range(2)
        )
        counts = [np.bincount(votes, minlength=6) for votes in (now, before)]
        alarms += permutation_test(*counts, redraws=199, seed=trial).p <= 0.05
    assert alarms / 300 <= 0.05


@pytest.mark.parametrize(
    ("senders", "is_new"),
    [
        (["alice"] * 40, False),
        (["alice", "bob"], False),
        (["alice", "alice", "bob"], True),
    ],
)
def test_a_new_category_takes_three_uploads_of_two_wearers(
    senders: list[str], is_new: bool
) -> None:
    sent = [Observation(sender, i, "jpeg-xl") for i, sender in enumerate(senders)]
    assert bool(find_new(sent, ["jpeg", "heif"])) == is_new
    assert find_new(sent, ["jpeg-xl"]) == []


def test_area_under_the_curve_by_hand() -> None:
    scores = np.array([[0.1], [0.4], [0.35], [0.8]])
    labels = np.array([[0.0], [0.0], [1.0], [1.0]])
    assert areas_under_curve(scores, labels)[0] == pytest.approx(0.75)


def draw_vectors(seed: int, shift: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(80, 32)) * np.linspace(2, 0.2, 32)
    vectors[:40, 0] += shift
    return vectors, np.repeat([1.0, 0.0], 40), np.arange(80)


def test_vectors_that_moved_are_told_apart_and_the_farthest_give_it_away() -> None:
    vectors, is_new, wearers = draw_vectors(1, 5.0)
    telling = tell_apart(vectors, is_new, wearers, shuffles=199)
    assert telling.p == 1 / 200
    assert telling.auc > 0.9
    assert telling.distance > 0.5
    assert set(np.argsort(telling.scores)[-20:]) <= set(range(40))


def test_vectors_that_stayed_are_not_told_apart_more_often_than_promised() -> None:
    ps = np.array([tell_apart(*draw_vectors(seed, 0.0), shuffles=39).p for seed in range(200)])
    for level in (0.05, 0.2, 0.5):
        assert (ps <= level).mean() <= level + 3 * np.sqrt(level * (1 - level) / len(ps))


def test_the_same_wearers_in_both_windows_are_not_learned_by_heart() -> None:
    rng = np.random.default_rng(2)
    homes = rng.normal(size=(40, 32)) * 3
    ps = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        vectors = np.vstack([homes, homes]) + rng.normal(size=(80, 32)) * 0.3
        wearers = np.tile(np.arange(40), 2)
        telling = tell_apart(vectors, np.repeat([1.0, 0.0], 40), wearers, shuffles=39, seed=seed)
        ps.append(telling.p)
    assert np.mean(np.array(ps) <= 0.05) <= 0.15
