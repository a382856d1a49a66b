from pathlib import Path

import pytest

from kis.platform.configuration import StorageSettings
from kis.platform.errors import BadInput
from kis.platform.storage import open_store

SECRET = b"s" * 32


def _opened(tmp_path: Path, **given: str) -> tuple[str, str]:
    settings = StorageSettings.model_validate(given)
    store = open_store(settings, data=tmp_path, secret=SECRET, public_url="")
    return store.kind, store.bucket


class TestOpenStore:
    def test_is_a_folder_unless_told_otherwise(self, tmp_path: Path) -> None:
        assert _opened(tmp_path) == ("local", "evidence")
        assert list(tmp_path.iterdir()) == []

    def test_takes_the_bucket_of_an_address(self, tmp_path: Path) -> None:
        assert _opened(tmp_path, url="s3://hanbit/kis/prod") == ("s3", "hanbit")

    def test_is_a_bucket_where_there_is_an_endpoint(self, tmp_path: Path) -> None:
        settings = {"endpoint": "https://ref.storage.supabase.co/storage/v1/s3", "bucket": "proofs"}
        assert _opened(tmp_path, **settings) == ("s3", "proofs")

    @pytest.mark.parametrize("url", ["gs://bucket", "http://host/x", "file://host/folder", "folder", "s3//x"])
    def test_refuses_other_addresses(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(BadInput):
            _opened(tmp_path, url=url)
