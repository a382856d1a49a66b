from kis.assistant.manuals.memory import Memory


def test_what_was_not_used_for_longest_goes_first() -> None:
    memory: Memory[str] = Memory(100)
    memory.put("a", "A", 40)
    memory.put("b", "B", 40)
    assert memory.find("a") == "A"  # b is now the older one
    memory.put("c", "C", 40)  # 120 > 100: one of 40 goes
    assert (memory.find("a"), memory.find("b"), memory.find("c")) == ("A", None, "C")
    assert memory.size_bytes == 80


def test_what_is_put_again_is_counted_once() -> None:
    memory: Memory[str] = Memory(100)
    memory.put("a", "A", 60)
    memory.put("a", "B", 30)
    assert (memory.find("a"), memory.size_bytes) == ("B", 30)


def test_what_is_larger_than_all_is_not_remembered_and_drives_out_nothing() -> None:
    memory: Memory[str] = Memory(100)
    memory.put("a", "A", 60)
    memory.put("b", "B", 101)
    assert (memory.find("a"), memory.find("b"), len(memory)) == ("A", None, 1)


def test_what_is_exchanged_keeps_its_turn_and_counts_what_it_takes_more() -> None:
    memory: Memory[str] = Memory(100)
    memory.put("a", "A", 40)
    memory.put("b", "B", 40)
    assert memory.look("a") == "A"
    assert memory.exchange("a", "AA", more_bytes=10)
    assert (memory.look("a"), memory.size_bytes) == ("AA", 90)
    memory.put("c", "C", 40)  # 130 > 100: a was put first, and neither looked at nor exchanged to be used
    assert (memory.look("a"), memory.look("b"), memory.look("c")) == (None, "B", "C")
    assert memory.size_bytes == 80


def test_what_would_be_larger_than_all_is_not_exchanged_and_drives_out_nothing() -> None:
    memory: Memory[str] = Memory(100)
    memory.put("a", "A", 40)
    memory.put("b", "B", 60)
    assert not memory.exchange("b", "BB", more_bytes=41)
    assert (memory.look("a"), memory.look("b"), memory.size_bytes) == ("A", "B", 100)


def test_what_grows_too_large_drives_out_the_oldest() -> None:
    memory: Memory[str] = Memory(100)
    memory.put("a", "A", 40)
    memory.put("b", "B", 40)
    memory.exchange("b", "BB", more_bytes=30)
    assert (memory.look("a"), memory.look("b"), memory.size_bytes) == (None, "BB", 70)
