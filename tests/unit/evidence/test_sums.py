from kis.evidence import sums

# printf a | sha256sum; printf b | sha256sum
DIGEST_A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
DIGEST_B = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"


def _faults(data: bytes) -> list[str]:
    return [finding.text("en") for finding in sums.read(data)[1]]


class TestWritten:
    def test_is_sorted_and_spelled_as_sha256sum_does(self) -> None:
        assert sums.written({"z/b": DIGEST_B, "a": DIGEST_A}) == f"{DIGEST_A}  a\n{DIGEST_B}  z/b\n".encode()


class TestRead:
    def test_gives_back_what_was_written(self) -> None:
        assert sums.read(sums.written({"z/b": DIGEST_B, "견적서.xlsx": DIGEST_A})) == (
            {"z/b": DIGEST_B, "견적서.xlsx": DIGEST_A},
            (),
        )

    def test_names_each_line_that_is_not_a_checksum(self) -> None:
        data = f"{DIGEST_A}  a\nnonsense\n{DIGEST_B.upper()}  b\n{DIGEST_B} *c\n".encode()
        assert _faults(data) == [
            "SHA256SUMS: line 2 is not a checksum line, or doubles an earlier one",
            "SHA256SUMS: line 3 is not a checksum line, or doubles an earlier one",
            "SHA256SUMS: line 4 is not a checksum line, or doubles an earlier one",
        ]

    def test_refuses_a_name_that_leads_out_of_the_pack(self) -> None:
        digests, faults = sums.read(f"{DIGEST_A}  ../../etc/passwd\n".encode())
        assert digests == {}
        assert len(faults) == 1

    def test_refuses_a_second_opinion_on_a_file(self) -> None:
        digests, faults = sums.read(f"{DIGEST_A}  a\n{DIGEST_B}  a\n".encode())
        assert digests == {"a": DIGEST_A}
        assert len(faults) == 1

    def test_notices_a_cut_end(self) -> None:
        assert _faults(f"{DIGEST_A}  a\n{DIGEST_B}  b".encode()) == ["SHA256SUMS: the last line is cut"]

    def test_notices_another_order(self) -> None:
        assert _faults(f"{DIGEST_B}  b\n{DIGEST_A}  a\n".encode()) == [
            "SHA256SUMS: the lines are not in the order of their names"
        ]

    def test_survives_bytes_that_are_not_text(self) -> None:
        digests, faults = sums.read(b"\xff\xfe\x00\n")
        assert (digests, len(faults)) == ({}, 1)
