from hypothesis import given
from hypothesis import strategies as st

from kis.catalog.csv_file import read_csv, write_csv

HEADER = ("model", "make")
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8)


class TestReadCsv:
    def test_takes_utf8_with_and_without_a_byte_order_mark(self) -> None:
        content = "model,make\nSBE-104,상도\n"
        for encoding in ("utf-8", "utf-8-sig"):
            sheet = read_csv("a.csv", content.encode(encoding))
            assert (sheet.header, sheet.rows) == (HEADER, ((2, ("SBE-104", "상도")),))

    def test_takes_the_cp949_of_korean_excel(self) -> None:
        # 똠방 needs cp949: plain EUC-KR has no 똠.
        sheet = read_csv("a.csv", "model,make\r\nSBE-104,똠방전기\r\n".encode("cp949"))
        assert sheet.rows == ((2, ("SBE-104", "똠방전기")),)

    def test_counts_lines_as_an_editor_does(self) -> None:
        # line 2 is blank, the row of lines 3 and 4 has a line break inside quotes, the next begins on line 5
        sheet = read_csv("a.csv", b'model,make\n\n"A\nB",x\nC,y\n')
        assert [line for line, _ in sheet.rows] == [3, 5]

    def test_refuses_bytes_that_are_no_text(self) -> None:
        sheet = read_csv("a.csv", b"model,make\n\xff\xff\xff,x\n")
        assert [(problem.path, problem.message.key) for problem in sheet.problems] == [
            ("a.csv", "catalog.file.not_text")
        ]

    def test_refuses_quotes_that_never_close(self) -> None:
        sheet = read_csv("a.csv", b'model,make\n"A,x\n')
        assert [(problem.path, problem.message.key) for problem in sheet.problems] == [
            ("a.csv:2", "catalog.file.not_csv")
        ]

    def test_refuses_an_empty_file(self) -> None:
        for data in (b"", b"\n\n", b" , \n"):
            assert [problem.message.key for problem in read_csv("a.csv", data).problems] == [
                "catalog.file.empty"
            ]


class TestWriteCsv:
    def test_keeps_a_spreadsheet_from_running_a_cell(self) -> None:
        written = write_csv((HEADER, ("=1+1", "+x"), ("-x", "@x"), ("'x", "x=")))
        assert written == b"model,make\n'=1+1,'+x\n'-x,'@x\n''x,x=\n"

    def test_leaves_a_foreign_apostrophe_alone(self) -> None:
        assert read_csv("a.csv", b"model,make\n'96,x\n").rows == ((2, ("'96", "x")),)

    @given(st.lists(st.tuples(CELLS, CELLS), max_size=4))
    def test_is_read_back_as_it_was(self, rows: list[tuple[str, str]]) -> None:
        filled = tuple(row for row in rows if any(cell.strip() for cell in row))
        sheet = read_csv("a.csv", write_csv((HEADER, *filled)))
        assert tuple(cells for _, cells in sheet.rows) == filled
