"""The bucket never lets more through than Amazon allows, and wastes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spapi import Bucket, backoff

RATES = st.floats(0.001, 100)
BURSTS = st.integers(1, 50)
STEPS = st.lists(st.floats(0, 1000), min_size=1, max_size=60)


def taken_at(bucket: Bucket, steps: list[float]) -> list[float]:
    """When calls went through, if one is tried after each step."""
    now, times = bucket.at, []
    for step in steps:
        now += step
        bucket, wait = bucket.take(now)
        if not wait:
            times.append(now)
    return times


@given(RATES, BURSTS, STEPS)
def test_no_window_holds_more_than_the_burst_and_the_refill(rate, burst, steps):
    times = taken_at(Bucket(burst, rate, burst, 0.0), steps)
    for first in range(len(times)):
        for last in range(first, len(times)):
            allowed = burst + rate * (times[last] - times[first])
            assert last - first + 1 <= allowed + 1e-6


EVENTS = st.lists(
    st.tuples(st.floats(0, 100), st.sampled_from(["take", "empty"]) | RATES),
    min_size=1,
    max_size=60,
)


@given(RATES, BURSTS, EVENTS)
def test_no_window_holds_more_whatever_amazon_says_between(rate, burst, events):
    bucket, now, times, highest = Bucket(burst, rate, burst, 0.0), 0.0, [], rate
    for step, event in events:
        now += step
        if event == "empty":
            bucket = bucket.emptied(now)
            assert bucket.take(now)[1] == pytest.approx(1 / bucket.rate)
        elif isinstance(event, float):
            bucket, highest = bucket.learned(now, event), max(highest, event)
        bucket, wait = bucket.take(now)
        if not wait:
            times.append(now)
    for first in range(len(times)):
        for last in range(first, len(times)):
            allowed = burst + highest * (times[last] - times[first])
            assert last - first + 1 <= allowed + 1e-6


@given(RATES, BURSTS, STEPS)
def test_waiting_as_long_as_told_is_enough(rate, burst, steps):
    bucket, now = Bucket(0.0, rate, burst, 0.0), 0.0
    for step in steps:
        now += step
        bucket, wait = bucket.take(now)
        if wait:
            now += wait
            bucket, again = bucket.take(now)
            assert not again


@given(RATES, BURSTS, STEPS)
def test_who_waits_as_told_gets_the_whole_rate(rate, burst, steps):
    bucket, now, calls = Bucket(burst, rate, burst, 0.0), 0.0, 0
    for _ in steps:
        bucket, wait = bucket.take(now)
        if wait:
            now += wait
            bucket, wait = bucket.take(now)
        calls += 1
    assert calls >= min(len(steps), burst + rate * now) - 1e-6


@given(RATES, RATES, BURSTS, STEPS)
def test_a_learned_rate_counts_from_then_on(before, after, burst, steps):
    bucket = Bucket(0.0, before, burst, 0.0).learned(0.0, after)
    now = 0.0
    for step in steps:
        now += step
        assert bucket.filled(now).level == pytest.approx(min(burst, after * now))


def test_learning_a_rate_keeps_what_flowed_in_at_the_old_one():
    bucket = Bucket(0.0, 1.0, 20, 0.0).learned(5.0, 0.5)
    assert (bucket.level, bucket.rate, bucket.at) == (5.0, 0.5, 5.0)


def test_an_emptied_bucket_makes_wait_for_one_token():
    bucket = Bucket(20, 0.0056, 20, 100.0).emptied(200.0)
    _, wait = bucket.take(200.0)
    assert wait == pytest.approx(1 / 0.0056)


def test_a_pause_ends_with_the_first_token():
    bucket = Bucket(20, 0.5, 20, 100.0).emptied(200.0, 60)
    assert bucket.take(200.0)[1] == pytest.approx(60)
    assert bucket.take(259.9)[1] == pytest.approx(0.1)
    assert bucket.take(260.0)[1] == 0
    assert bucket.emptied(201.0).take(201.0)[1] == pytest.approx(59)


def test_a_clock_that_steps_back_gives_nothing_away():
    bucket, wait = Bucket(1, 1.0, 1, 100.0).take(100.0)
    assert wait == 0
    bucket, wait = bucket.take(90.0)
    assert wait == pytest.approx(11.0)
    assert bucket.take(100.5)[1] == pytest.approx(0.5)


def test_what_is_left_counts_whole_calls():
    assert Bucket(0.0, 0.5, 30, 0.0).left(5.0) == 2


@pytest.mark.parametrize("cost", [0, -1, 21])
def test_a_cost_that_never_fits_is_refused(cost):
    with pytest.raises(ValueError):
        Bucket(20, 1, 20, 0).take(0, cost)


@pytest.mark.parametrize(("level", "rate", "burst"), [(1, 0, 1), (1, 1, 0), (-1, 1, 1)])
def test_what_is_no_bucket_is_refused(level, rate, burst):
    with pytest.raises(ValueError):
        Bucket(level, rate, burst, 0)


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_backing_off_grows_up_to_a_limit(attempt, random):
    assert 0 <= backoff(attempt, random) <= min(30.0, 0.5 * 2.0 ** min(attempt, 64))


def test_backing_off_doubles():
    assert [backoff(n, 0.5) for n in range(8)] == [0.25, 0.5, 1, 2, 4, 8, 15, 15]
