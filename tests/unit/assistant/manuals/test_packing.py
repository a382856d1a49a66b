from kis.assistant.manuals.packing import packed, sealed, unpacked, unsealed
from kis.assistant.things import Box, DocumentState, ReadDocument, Unit, UnitKind
from kis.search import Language

DOCUMENT = ReadDocument(
    sha256="ab" * 32,
    parser_version="3",
    state=DocumentState.READY,
    media_type="application/pdf",
    title="사용 설명서",
    language=Language.KO,
    pages=2,
    page_sizes=((595.0, 842.0), (842.0, 595.0)),
    units=(
        Unit(kind=UnitKind.HEADING, text="설치", page=1, level=2, boxes=(Box(1.0, 2.0, 3.0, 4.0),)),
        Unit(kind=UnitKind.TABLE, text="a | b", page=2),
    ),
)


def test_a_document_comes_back_as_it_was() -> None:
    assert unpacked(packed(DOCUMENT)) == DOCUMENT


def test_what_was_changed_by_one_bit_is_not_unsealed() -> None:
    data = sealed(b"content")
    assert unsealed(data) == b"content"
    assert unsealed(data[:-1] + bytes([data[-1] ^ 1])) is None
    assert unsealed(data[:-1]) is None
    assert unsealed(b"") is None
