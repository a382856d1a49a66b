"""Manuals as a maker's site has them, good and bad, as bytes: PDFs set by Typst, web pages, and files that no reader can read.

The same call gives the same bytes. Page ``n`` of :func:`long_pdf` is about part ``n``: its torque is ``10 + n`` N·m and its order code ``KX-<n>``.
"""

import gzip
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import pypdfium2  # type: ignore[import-untyped]  # comes without types

FONTS: Final = Path(__file__).parent.parent.parent / "src" / "kis" / "estimator" / "documents" / "fonts"
_DAY: Final = datetime(2026, 11, 1, tzinfo=UTC)

Spoken = Literal["ko", "en"]

_PAGE: Final = """
#set page(width: 595pt, height: 842pt, margin: (x: 60pt, y: 70pt),
  header: [#text(size: 8pt)[KX Series · {title}]],
  footer: [#text(size: 8pt)[KIS Test Works #h(1fr) #context counter(page).display()]])
#set text(font: ("NanumBarunGothic",), size: 10pt, lang: "{language}", hyphenate: false)
#set par(justify: false)
#set heading(numbering: "1.1")
"""

_ENGLISH: Final = """
= Safety
Read this manual before you work on the switch. Work only on a switch that is without voltage.

- Disconnect the supply and lock it.
- Wait five minutes before you open the cover.
- Wear gloves of class 0.

= Mounting
== Fastening torque
Tighten the main terminals with 12 N·m. Tighten the auxiliary terminals with 0.8 N·m.

#table(columns: 3, [Type], [Rated current], [Torque],
  [KX-100], [100 A], [6 N·m], [KX-250], [250 A], [12 N·m], [KX-400], [400 A], [24 N·m])

== Distances
Keep 50 mm of free space above the arc chute.

#pagebreak()
= Operation
#columns(2, gutter: 20pt)[
Push the lever up to switch on. The window shows a red mark when the contacts are closed.

Push the lever down to switch off. The window shows a green mark when the contacts are open.
#colbreak()
After a trip the lever stands in the middle. Push it down first, then up.

Test the trip once a year with the yellow button.
]
#pagebreak()
= Maintenance
+ Clean the insulation with a dry cloth.
+ Measure the contact resistance. It must stay below 80 µΩ.
+ Replace the switch after 10 000 operations.
"""

_KOREAN: Final = """
= 안전
작업하기 전에 이 설명서를 읽으십시오. 전압이 없는 차단기에서만 작업하십시오.

- 전원을 차단하고 잠그십시오.
- 덮개를 열기 전에 5분 동안 기다리십시오.
- 0등급 장갑을 착용하십시오.

= 설치
== 조임 토크
주 단자는 12 N·m로 조이십시오. 보조 단자는 0.8 N·m로 조이십시오.

#table(columns: 3, [형식], [정격 전류], [토크],
  [KX-100], [100 A], [6 N·m], [KX-250], [250 A], [12 N·m], [KX-400], [400 A], [24 N·m])

== 이격 거리
소호실 위에 50 mm의 공간을 두십시오.

#pagebreak()
= 조작
#columns(2, gutter: 20pt)[
레버를 위로 올리면 켜집니다. 접점이 닫히면 창에 빨간 표시가 나타납니다.

레버를 아래로 내리면 꺼집니다. 접점이 열리면 창에 초록 표시가 나타납니다.
#colbreak()
트립된 뒤에는 레버가 가운데에 있습니다. 먼저 아래로 내린 다음 위로 올리십시오.

노란 버튼으로 일 년에 한 번 트립을 시험하십시오.
]
#pagebreak()
= 유지 보수
+ 마른 천으로 절연물을 닦으십시오.
+ 접촉 저항을 측정하십시오. 80 µΩ보다 작아야 합니다.
+ 10,000회 조작한 뒤에는 차단기를 교체하십시오.
"""


@cache
def pdf_of(body: str, language: Spoken = "en") -> bytes:
    """Return a manual of this body, in Typst's words."""
    return _set(_PAGE.format(title="Manual", language=language) + body)


@cache
def manual_pdf(language: Spoken = "en") -> bytes:
    """Return a manual of three pages: headings, a list, a table, two columns, header, footer and page numbers."""
    title, body = ("Instruction Manual", _ENGLISH) if language == "en" else ("사용 설명서", _KOREAN)
    return _set(_PAGE.format(title=title, language=language) + body)


@cache
def long_pdf(pages: int = 200, language: Spoken = "en") -> bytes:
    """Return a manual of so many pages with some 1,800 characters each."""
    title = "Parts Manual" if language == "en" else "부품 설명서"
    part = _ENGLISH_PART if language == "en" else _KOREAN_PART
    parts = "\n#pagebreak()\n".join(
        part.format(n=number, torque=10 + number) for number in range(1, pages + 1)
    )
    return _set(_PAGE.format(title=title, language=language) + parts)


_ENGLISH_PART: Final = """
= Part {n}
== Order and torque
Order this part as KX-{n}. The terminals of part {n} are tightened with {torque} N·m.

#table(columns: 4, [Contact], [Rated current], [Wire], [Length],
  [a{n}], [{n} A], [{n} mm²], [{torque} mm], [b{n}], [{torque} A], [2.5 mm²], [{n} mm], [c{n}], [16 A], [4 mm²], [9 mm])

== Mounting
- Clean the rail before part {n} is set on it.
- Press the part until the latch of size {n} is heard.
- Pull at the part: it must not move.

The part stands upright in the panel. Between two parts of this size a distance of {torque} mm is kept so that the air can move between them. Where the
panel stands in a warm room the rated current is to be reduced as the diagram of the catalog tells. A part that was dropped is not used any more, even
if nothing can be seen from outside. The wires are led in from above and from below; they are held by the clamp and must not hang from the terminal.

== Faults
When part {n} does not close, its spring is worn. When it closes and opens again at once, the voltage of the coil is lower than 85 % of the rated one.
Measure the voltage at the terminals of the coil while it is switched on. Replace the coil when its resistance lies outside of the range that is
printed on its label. Send worn parts back with the number of the order, so that they can be looked at. The warranty of part {n} ends when its seal is
broken. Spare springs, coils and contacts are kept for ten years after the last part of this kind was made, and are sent within two working days.
"""

_KOREAN_PART: Final = """
= 부품 {n}
== 주문과 토크
이 부품은 KX-{n}(으)로 주문하십시오. 부품 {n}의 단자는 {torque} N·m로 조입니다.

#table(columns: 4, [접점], [정격 전류], [전선], [길이],
  [a{n}], [{n} A], [{n} mm²], [{torque} mm], [b{n}], [{torque} A], [2.5 mm²], [{n} mm], [c{n}], [16 A], [4 mm²], [9 mm])

== 설치
- 부품 {n}을 올리기 전에 레일을 닦으십시오.
- 걸쇠 소리가 날 때까지 누르십시오.
- 당겨서 움직이지 않는지 확인하십시오.

부품은 함 안에 똑바로 세웁니다. 같은 크기의 부품 사이에는 공기가 흐르도록 {torque} mm의 거리를 둡니다. 함이 더운 방에 있으면 카탈로그의 그림에 따라 정격
전류를 줄입니다. 떨어뜨린 부품은 겉으로 보이지 않더라도 사용하지 않습니다. 전선은 위와 아래에서 들어오며 클램프로 고정하고 단자에 매달리지 않게 합니다.

== 고장
부품 {n}이 닫히지 않으면 스프링이 닳은 것입니다. 닫혔다가 바로 열리면 코일의 전압이 정격의 85 %보다 낮습니다. 켜져 있는 동안 코일 단자의 전압을 측정하십시오.
저항이 라벨의 범위를 벗어나면 코일을 교체하십시오. 봉인이 깨지면 부품 {n}의 보증이 끝납니다. 예비 부품은 생산이 끝난 뒤 십 년 동안 보관하며 이틀 안에 보냅니다.
"""


@cache
def scanned_pdf(pages: int = 2) -> bytes:
    """Return pictures of pages without a text."""
    shown = pypdfium2.PdfDocument(manual_pdf())
    made = pypdfium2.PdfDocument.new()
    for number in range(pages):
        bitmap = shown[number].render(scale=0.5, grayscale=True)
        picture = pypdfium2.PdfImage.new(made)
        picture.set_bitmap(bitmap)
        page = made.new_page(595, 842)
        picture.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
        page.insert_obj(picture)
        page.gen_content()
    return _saved(made)


@cache
def blank_pdf() -> bytes:
    """Return one page with nothing on it."""
    return _set("#set page(width: 200pt, height: 200pt)\n#h(1pt)")


def encrypted_pdf() -> bytes:
    """Return a PDF that asks for a password: its encryption dictionary fits none that a reader could try."""
    key = "00" * 32
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        f"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -3904 /O <{key}> /U <{key}> >>".encode(),
    ]
    made = bytearray(b"%PDF-1.6\n")
    places = []
    for number, told in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, told)
    table = len(made)
    made += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = f"trailer << /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<{'11' * 16}> <{'11' * 16}>] >>"
    made += trailer.encode() + b"\nstartxref\n%d\n%%%%EOF\n" % table
    return bytes(made)


def damaged_pdf() -> bytes:
    """Return what begins as a PDF and is none."""
    return b"%PDF-1.7\n" + b"\x93\x00garbage\xff" * 400


def manual_html(language: Spoken = "en") -> bytes:
    """Return a manual as a web page, with navigation and a script around it."""
    words = _HTML_WORDS[language]
    rows = "".join(f"<tr><td>KX-{size}</td><td>{size} A</td></tr>" for size in (100, 250, 400))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{words[0]}</title>'
        "<script>alert('manual')</script></head><body><nav><a href='/'>Home</a><a href='/shop'>Shop</a></nav>"
        f"<main><h1>{words[0]}</h1><p>{words[1]}</p><h2>{words[2]}</h2><ul><li>{words[3]}</li><li>{words[4]}</li></ul>"
        f"<table><tr><th>{words[5]}</th><th>{words[6]}</th></tr>{rows}</table></main>"
        "<footer>Cookies, imprint</footer></body></html>"
    ).encode()


_HTML_WORDS: Final = {
    "en": (
        "KX switch manual",
        "The switch is made for 690 V and 50 Hz.",
        "Mounting",
        "Tighten the terminals with 12 N·m.",
        "Keep 50 mm of free space above the switch.",
        "Type",
        "Rated current",
    ),
    "ko": (
        "KX 차단기 설명서",
        "이 차단기는 690 V, 50 Hz용입니다.",
        "설치",
        "단자는 12 N·m로 조이십시오.",
        "차단기 위에 50 mm의 공간을 두십시오.",
        "형식",
        "정격 전류",
    ),
}


@cache
def gzip_bomb(unpacked_bytes: int = 300_000_000) -> bytes:
    """Return some hundred kilobytes that unpack to so many bytes, the first of which are a PDF's."""
    return gzip.compress(b"%PDF-1.7\n" + bytes(unpacked_bytes), compresslevel=9, mtime=0)


def _set(source: str) -> bytes:
    import typst

    compiler = typst.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)
    given: Any = {"main.typ": source.encode()}
    made = compiler.compile(input=given, format="pdf", timestamp=_DAY)
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def _saved(document: Any) -> bytes:
    import io

    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
