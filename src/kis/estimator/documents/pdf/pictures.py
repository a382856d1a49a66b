"""The pictures of a document as Typst gets them: SVG stays SVG, so lines are lines and text can be selected."""

from kis.estimator.documents.pdf.letters import Letters

_ROOT = "<svg "
_FAMILY = 'font-family="'


class Pictures:
    """Collects pictures under names of their own."""

    def __init__(self, letters: Letters, families: tuple[str, ...]) -> None:
        self.files: dict[str, bytes] = {}
        self._letters = letters
        self._families = ",".join(f"'{family}'" for family in families)

    def drawn(self, drawing: str) -> str:
        """Take an SVG of our own and return its name. It is set in the document's fonts, whatever other families it hopes for."""
        if _FAMILY in drawing:
            own = drawing.replace(_FAMILY, f"{_FAMILY}{self._families},", 1)
        else:
            own = drawing.replace(_ROOT, f'{_ROOT}{_FAMILY}{self._families}" ', 1)
        return self._kept("svg", self._letters.clean(own).encode())

    def given(self, name: str, picture: bytes) -> str:
        """Take a picture of the brand's and return its name; only letters that no font has are changed in it."""
        kind = name.rpartition(".")[2].lower()
        if kind != "svg":
            return self._kept(kind, picture)
        return self._kept(kind, self._letters.clean(picture.decode("utf-8", errors="replace")).encode())

    def _kept(self, kind: str, picture: bytes) -> str:
        name = f"picture-{len(self.files) + 1:03d}.{kind}"
        self.files[name] = picture
        return name
