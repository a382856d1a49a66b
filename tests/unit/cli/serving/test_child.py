"""How long to wait before a process is started again."""

from kis.cli.serving.child import LONGEST_PAUSE_SECONDS, SETTLED_SECONDS, Backoff


class TestBackoff:
    def test_waits_longer_each_time_up_to_a_bound(self) -> None:
        backoff = Backoff()
        pauses = [backoff.pause(0.1) for _ in range(40)]
        assert pauses[:4] == [0.2, 0.4, 0.8, 1.6]
        assert pauses[-1] == LONGEST_PAUSE_SECONDS
        assert pauses == sorted(pauses)

    def test_begins_anew_after_something_held(self) -> None:
        backoff = Backoff()
        for _ in range(5):
            backoff.pause(0.1)
        assert backoff.pause(SETTLED_SECONDS) == 0.2
