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
