import json
from pathlib import Path

import pytest

from kis.estimator.intake.files import DEEPEST, MOST_BYTES, read_file, read_json, read_yaml
from kis.platform.errors import BadInput


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        read_file(path)
    assert caught.value.source == str(path)
    return "\n".join(problem.text("en") for problem in caught.value.problems)


class TestReadFile:
    def test_names_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "request.yaml") == "there is no such file: check the path"

    def test_refuses_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "request.yaml").mkdir()
        assert (
            refusal(tmp_path / "request.yaml")
            == "the file cannot be read: check that it is an ordinary file you may read"
        )

    def test_refuses_another_kind_of_file(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "request.docx") == "the name of a request file ends in .yaml, .yml or .json"

    def test_refuses_a_large_file(self, tmp_path: Path) -> None:
        path = tmp_path / "request.yaml"
        path.write_bytes(b"#" * (MOST_BYTES + 1))
        assert refusal(path) == "the file is larger than 5 MB: split the request"

    def test_accepts_the_largest_file(self, tmp_path: Path) -> None:
        assert MOST_BYTES == 5_242_880  # 5 MB
        path = tmp_path / "request.yaml"
        path.write_bytes(b"a: 1 #" + b"x" * (MOST_BYTES - 6))
        assert read_file(path) == {"a": 1}

    def test_recognises_a_korean_code_page(self, tmp_path: Path) -> None:
        path = tmp_path / "request.yaml"
        path.write_bytes("project: 사무동".encode("cp949"))
        assert refusal(path) == "this is not UTF-8 but looks like CP949 (EUC-KR): save it as UTF-8"

    def test_names_the_byte_that_is_not_utf8(self, tmp_path: Path) -> None:
        path = tmp_path / "request.yaml"
        path.write_bytes(b"project: \xff\xfe")
        assert refusal(path) == "byte 10 is not UTF-8: save the file as UTF-8"


class TestReadYaml:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            # what YAML 1.1 would turn into false, 90, 15, a date, 1000, infinity, 83
            ("no", "no"),
            ("1:30", "1:30"),
            ("017", "017"),
            ("2026-11-02", "2026-11-02"),
            ("1_000", "1_000"),
            (".inf", ".inf"),
            ("0x53", "0x53"),
            ("+82", "+82"),
            ("1.", "1."),
            ("=", "="),
            ("<<", "<<"),
            ("true", True),
            ("FALSE", False),
            ("~", None),
            ("null", None),
            ("", None),
            ("0", 0),
            ("-20", -20),
            ("0.80", 0.8),
            ("1.5e3", 1500.0),
            ("'20'", "20"),
            ('"true"', "true"),
            ("!", None),
            ("123456789012345678", 123456789012345678),
            ("1234567890123456789", "1234567890123456789"),
        ],
    )
    def test_plain_scalar_means_what_version_1_2_says(self, written: str, meant: object) -> None:
        if written == "!":
            with pytest.raises(BadInput):
                read_yaml("a: ! x", "test")
            return
        value = read_yaml(f"a: {written}", "test")
        assert value == {"a": meant}
        assert isinstance(value, dict)
        assert type(value["a"]) is type(meant)

    def test_keys_stay_text(self) -> None:
        assert read_yaml("{1: a, no: b, null: c, 2.5: d}", "test") == {
            "1": "a",
            "no": "b",
            "null": "c",
            "2.5": "d",
        }

    def test_block_text_is_text(self) -> None:
        assert read_yaml("a: |\n  20\nb: >\n  true\n", "test") == {"a": "20\n", "b": "true\n"}

    def test_nests_as_deep_as_it_may(self) -> None:
        value = read_yaml("[" * DEEPEST + "]" * DEEPEST, "test")
        assert json.dumps(value) == "[" * DEEPEST + "]" * DEEPEST

    def test_merge_key_brings_nothing_in(self) -> None:
        with pytest.raises(BadInput) as caught:
            read_yaml("a: &x {b: 1}\nc: {<<: *x}", "test")
        assert [problem.path for problem in caught.value.problems] == ["a", 'c["<<"]']

    def test_no_laughter_of_a_billion_aliases(self) -> None:
        text = "a: &a [x]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
        )
        with pytest.raises(BadInput):
            read_yaml(text, "test")


class TestReadJson:
    def test_reads_json(self) -> None:
        assert read_json('{"a": [1, 2.5, "\\ud55c", null, true]}', "test") == {
            "a": [1, 2.5, "한", None, True]
        }

    def test_nests_as_deep_as_it_may(self) -> None:
        text = "[" * DEEPEST + "]" * DEEPEST
        assert json.dumps(read_json(text, "test")) == text
        with pytest.raises(BadInput):
            read_json(f"[{text}]", "test")

    def test_names_the_repeated_keys_alone(self) -> None:
        with pytest.raises(BadInput) as caught:
            read_json('{"a": 1, "b": 2, "c": {"b": 3}, "b": 4}', "test")
        assert [problem.text("en") for problem in caught.value.problems] == [
            'field "b" is given twice in one object: keep one'
        ]

    def test_brackets_in_text_are_no_nesting(self) -> None:
        text = json.dumps({"a": "[" * 50 + '\\"' + "{" * 50})
        assert read_json(text, "test") == json.loads(text)

    @pytest.mark.parametrize("text", ['{"a": 1', '"' + "[" * 30, "[" * 5 + '"', "{'a': 1}", "[1 2]"])
    def test_refuses_broken_json(self, text: str) -> None:
        with pytest.raises(BadInput) as caught:
            read_json(text, "test")
        assert "not valid JSON" in caught.value.text("en")

    def test_number_too_long_to_be_one_stays_text(self) -> None:
        assert read_json("[" + "9" * 5000 + ", 1e999]", "test") == ["9" * 5000, "1e999"]
