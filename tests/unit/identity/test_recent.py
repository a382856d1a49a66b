from kis.identity.recent import Recent


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_keeps_for_its_seconds_and_no_longer() -> None:
    clock = Clock()
    recent = Recent[str](fresh_seconds=5, clock_seconds=clock)
    recent.keep("a", "x", recent.mark)
    clock.now += 4.9
    assert recent.find("a") == "x"
    clock.now += 0.1
    assert recent.find("a") is None


def test_does_not_keep_what_was_asked_before_something_changed() -> None:
    recent = Recent[str]()
    mark = recent.mark
    recent.forget()
    recent.keep("a", "x", mark)
    assert recent.find("a") is None


def test_is_bounded_and_drops_the_oldest() -> None:
    recent = Recent[int](most_entries=2)
    for number in range(3):
        recent.keep(number, number, recent.mark)
    assert [recent.find(number) for number in range(3)] == [None, 1, 2]
