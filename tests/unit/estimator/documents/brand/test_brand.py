from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from kis.estimator.documents.brand import (
    ILLUSTRATIVE_NUMBER,
    BrandFile,
    brand_gaps,
    is_registration_number,
    load_brand,
    new_brand,
    read_brand,
)
from kis.platform.errors import BadInput

LEAST: dict[str, Any] = {
    "schema": "kis.brand/1",
    "supplier": {"name": {"ko": "한빛전기(주)", "en": "Hanbit Electric"}},
}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def written(**changes: Any) -> dict[str, bytes]:
    return {"brand.yaml": yaml.safe_dump({**LEAST, **changes}, allow_unicode=True).encode()}


class TestRegistrationNumber:
    def test_the_check_digit_decides(self) -> None:
        # 1·1+2·3+3·7+4·1+5·3+6·7+7·1+8·3+9·5 = 165, and 9·5 ÷ 10 = 4: 169; 10 − 9 = 1
        assert is_registration_number("123-45-67891")
        assert not is_registration_number("123-45-67890")

    @pytest.mark.parametrize("number", ["", "123-45-6789", "123-45-678911", "abc-de-fghij"])
    def test_another_length_is_none(self, number: str) -> None:
        assert not is_registration_number(number)


class TestLoadBrand:
    def test_without_a_path_the_example_company_says_what_it_is(self) -> None:
        brand = load_brand()
        assert brand.file.illustrative
        assert brand.file.supplier.registration_number == ILLUSTRATIVE_NUMBER
        assert "예시" in brand.file.supplier.name.ko
        assert brand.logo is not None
        assert brand.seal is not None

    def test_a_folder_and_its_file_are_the_same_brand(self, tmp_path: Path) -> None:
        new_brand(tmp_path / "own")
        assert load_brand(tmp_path / "own") == load_brand(tmp_path / "own" / "brand.yaml")

    def test_what_is_left_out_has_defaults_but_never_a_supplier(self) -> None:
        brand = read_brand(written())
        assert brand.file.terms.vat == "separate"
        assert brand.logo is None
        with pytest.raises(BadInput, match="supplier"):
            read_brand({"brand.yaml": b"schema: kis.brand/1\n"})

    def test_every_fault_is_told_at_once_with_its_path(self) -> None:
        given = written(colours={"primary": "blue"}, supplier={"name": {"ko": "한빛"}}, colour="x")
        with pytest.raises(BadInput) as caught:
            read_brand(given)
        told = caught.value.text("ko")
        assert all(path in told for path in ("colours.primary", "supplier.name.en", "colour"))

    def test_a_wrong_check_digit_is_refused(self) -> None:
        supplier = {**LEAST["supplier"], "registration_number": "123-45-67890"}
        with pytest.raises(BadInput, match="check digit"):
            read_brand(written(supplier=supplier))

    def test_files_are_kept_with_the_brand(self) -> None:
        brand = read_brand({**written(seal="seal.png"), "seal.png": PNG, "other.txt": b"not asked for"})
        assert brand.seal == PNG
        assert set(brand.files) == {"brand.yaml", "seal.png"}

    @pytest.mark.parametrize(
        ("files", "told"),
        [
            ({}, "seal.png"),
            ({"seal.png": b"GIF89a"}, "seal.png"),
            ({"seal.png": PNG + bytes(9 * 2**20)}, "8 MB"),
        ],
    )
    def test_a_picture_that_is_missing_or_none_or_too_large_is_named(
        self, files: dict[str, bytes], told: str
    ) -> None:
        with pytest.raises(BadInput, match=told):
            read_brand({**written(seal="seal.png"), **files})

    def test_a_path_out_of_the_folder_is_no_file_name(self) -> None:
        with pytest.raises(BadInput, match="logo"):
            read_brand(written(logo="../secret.png"))

    @pytest.mark.parametrize("text", [b"a: [\n", b"a: 2026-13-45\n", b"[" * 3000 + b"]" * 3000])
    def test_what_is_no_yaml_is_told_as_such(self, text: bytes) -> None:
        with pytest.raises(BadInput, match="YAML"):
            read_brand({"brand.yaml": text})

    def test_a_file_that_is_far_too_large_is_not_read(self) -> None:
        with pytest.raises(BadInput, match="256 KB"):
            read_brand({"brand.yaml": b"# " + bytes(300_000)})

    def test_a_name_of_blanks_is_none(self) -> None:
        with pytest.raises(BadInput, match=r"supplier\.name\.ko"):
            read_brand(written(supplier={"name": {"ko": "   ", "en": "Hanbit"}}))


class TestNewBrand:
    def test_overwrites_nothing_and_names_what_is_there(self, tmp_path: Path) -> None:
        (tmp_path / "brand.yaml").write_text("mine")
        with pytest.raises(BadInput, match=r"brand\.yaml"):
            new_brand(tmp_path)
        assert (tmp_path / "brand.yaml").read_text() == "mine"
        assert not (tmp_path / "seal.png").exists()


class TestBrandGaps:
    def test_the_example_company_lacks_nothing(self) -> None:
        assert brand_gaps(load_brand()) == ()

    def test_a_bare_brand_lacks_what_a_korean_quotation_needs(self) -> None:
        gaps = brand_gaps(read_brand(written()))
        assert [gap.field for gap in gaps] == [
            "supplier.registration_number",
            "supplier.representative",
            "supplier.address",
            "seal",
            "terms.delivery",
            "terms.payment",
        ]

    def test_the_policy_decides_what_is_needed(self) -> None:
        assert brand_gaps(read_brand(written(policy={"required": ["date", "total"]}))) == ()


class TestReferencePage:
    def test_names_every_field(self) -> None:
        page = (Path(__file__).resolve().parents[5] / "docs/reference/brand.md").read_text(encoding="utf-8")
        missing = [path for path in _paths(BrandFile, "") if f"`{path}`" not in page]
        assert missing == []


def _paths(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """Yield the dotted names of a block's fields; a text in two languages and a list of claims are one field."""
    for name, field in model.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel) and set(kind.model_fields) != {"ko", "en"}:
            yield from _paths(kind, f"{path}.")
        else:
            yield path
