"""Make the manuals of ``tests/data/assistant/real`` from their packages: ``python -m tools.real_manuals PACKAGES FOLDER``.

PACKAGES is a folder into which the Debian packages named in the data's README were taken apart (``dpkg-deb -x PACKAGE.deb PACKAGES``). Of each manual FOLDER gets
NAME.pdf and NAME.jsonl, in ``read`` and ``unread``. Help that comes as web pages is put together and printed by Chromium, which must be on PATH.
"""

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from lxml import etree, html

QUESTIONS: Final = Path(__file__).parent.parent / "tests" / "data" / "assistant" / "real"
_DOCUMENTS: Final = "usr/share/doc"
_OFFICE: Final = "usr/share/libreoffice/help/ko/text"
_FILES: Final = {
    "lshort-ko": f"{_DOCUMENTS}/texlive-doc/latex/lshort-korean/lshort-ko.pdf",
    "install.ko": f"{_DOCUMENTS}/installation-guide-amd64/ko/install.ko.pdf.gz",
    "gnucash-help-en": f"{_DOCUMENTS}/gnucash-docs/gnucash-help-en.pdf.gz",
    "ledger3": f"{_DOCUMENTS}/ledger/ledger3.pdf",
}
_PAGES: Final = {
    "calc-ko": ("스프레드시트 사용 안내서", f"{_OFFICE}/scalc/guide"),
    "writer-ko": ("문서 작성 사용 안내서", f"{_OFFICE}/swriter/guide"),
    "zm-en": ("ZoneMinder", f"{_DOCUMENTS}/zoneminder-doc/html"),
    "eeschema-en": ("Schematic editor", f"{_DOCUMENTS}/kicad/help/en/eeschema.html"),
}
"""Title and folder, or file, of web pages."""
_LEFT_OUT: Final = re.compile(r"genindex|search|contents|api|installation")
_FEWEST_SYLLABLES: Final = 150
"""Of a Korean page; those with fewer were never translated."""
_LOOKS: Final = {
    "ko": 'body{font-family:"Noto Sans CJK KR";font-size:10.5pt;line-height:1.5}@page{size:A4;margin:22mm}',
    "en": 'body{font-family:"DejaVu Sans";font-size:10.5pt;line-height:1.45}@page{size:A4;margin:20mm}',
}
_TABLES: Final = "h1{font-size:17pt}h2{font-size:14pt}h3{font-size:12pt}table{border-collapse:collapse}td,th{border:1px solid #777;padding:3px}"


def main() -> None:
    """Make them all."""
    packages, folder = Path(sys.argv[1]), Path(sys.argv[2])
    for questions in sorted(QUESTIONS.glob("*/*.jsonl")):
        into = folder / questions.parent.name
        into.mkdir(parents=True, exist_ok=True)
        shutil.copy(questions, into)
        name = questions.stem
        pdf = into / f"{name}.pdf"
        if name in _FILES:
            file = packages / _FILES[name]
            content = file.read_bytes()
            pdf.write_bytes(gzip.decompress(content) if file.suffix == ".gz" else content)
        else:
            title, place = _PAGES[name]
            _print(pdf, title, _bodies(packages / place, name.rpartition("-")[2]), name.rpartition("-")[2])
        print(pdf)


def _bodies(place: Path, language: str) -> Iterable[str]:
    """Yield what stands on web pages, without their frames, pictures and scripts."""
    paths = [place] if place.is_file() else sorted(place.rglob("*.html"), key=str)
    for path in paths:
        if language == "en" and place.is_dir() and _LEFT_OUT.search(str(path.relative_to(place))):
            continue
        page: Any = html.fromstring(path.read_text(encoding="utf-8"))
        found: Any = page.xpath('//*[@id="DisplayArea"] | //*[@class="document"]//*[@class="body"]')
        body = found[0] if found else page.xpath("//body")[0]
        for other in body.xpath(
            './/script|.//style|.//img|.//svg|.//iframe|.//video|.//*[contains(@class,"bug")]|.//*[@class="headerlink"]|.//comment()'
        ):
            # Of the Korean pages, whose questions were written so, the words behind a picture went with it.
            other.getparent().remove(other) if language == "ko" else other.drop_tree()
        for link in body.xpath(".//a"):
            link.attrib.clear()
        if language != "ko" or len(re.findall("[가-힣]", body.text_content())) > _FEWEST_SYLLABLES:
            yield str(etree.tostring(body, encoding="unicode", method="html"))


def _print(pdf: Path, title: str, bodies: Iterable[str], language: str) -> None:
    page = (
        f"<html lang={language}><head><meta charset=utf8><style>{_LOOKS[language]}{_TABLES}</style></head>"
        f'<body><h1 style="font-size:26pt">{title}</h1>{"".join(bodies)}</body></html>'
    )
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{pdf.stem}.html"
        file.write_text(page, encoding="utf-8")
        chromium = shutil.which("chromium") or sys.exit("chromium is not on PATH")
        subprocess.run(
            [
                *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
                *(f"--user-data-dir={folder}/profile", f"--print-to-pdf={pdf}"),
                *(() if language == "ko" else ("--no-pdf-header-footer",)),
                str(file),
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )


if __name__ == "__main__":
    main()
