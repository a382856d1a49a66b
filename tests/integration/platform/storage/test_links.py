from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

import httpx2
import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from kis.platform.configuration import StorageSettings
from kis.platform.storage import LinkRefused, ObjectStore
from tests.integration.platform.storage.conftest import ACCESS_KEY, SECRET_KEY, Open

NAME = "견적서 HB-2026-0042.pdf"
PDF = "application/pdf"


class TestSignedUrl:
    async def test_of_a_bucket_gives_the_file_under_its_name(self, s3: ObjectStore) -> None:
        await s3.put("quote/a/b.pdf", b"%PDF", media_type="application/octet-stream")
        url = await s3.signed_url("quote/a/b.pdf", seconds=600, filename=NAME, media_type=PDF)
        async with httpx2.AsyncClient() as client:
            answer = await client.get(url)
        assert answer.content == b"%PDF"
        assert answer.headers["content-type"] == PDF
        assert "HB-2026-0042.pdf" in answer.headers["content-disposition"]
        assert "filename*=UTF-8''%EA%B2%AC" in answer.headers["content-disposition"]

    async def test_of_a_bucket_is_signed_as_amazon_wants(self, s3: ObjectStore) -> None:
        # botocore is Amazon's own reading of the algorithm; it must come to the same signature over the same address.
        url = await s3.signed_url("quote/a/b.pdf", seconds=600, filename=NAME, media_type=PDF)
        bare, _, signature = url.partition("&X-Amz-Signature=")
        query = parse_qs(urlsplit(bare).query)
        assert query["X-Amz-Expires"] == ["600"]
        # The signature is over the query in its strict spelling; the address itself may leave the slash of x-id as it is.
        strict = urlencode(parse_qsl(urlsplit(bare).query), quote_via=quote, safe="-_.~")
        request = AWSRequest("GET", f"{bare.partition('?')[0]}?{strict}")
        request.context["timestamp"] = query["X-Amz-Date"][0]
        signer = S3SigV4QueryAuth(Credentials(ACCESS_KEY, SECRET_KEY), "s3", "ap-northeast-2", 600)
        expected = signer.signature(
            signer.string_to_sign(request, signer.canonical_request(request)), request
        )
        assert signature == expected

    async def test_of_a_folder_leads_to_our_api(self, local: ObjectStore) -> None:
        url = await local.signed_url("quote/a/b.pdf", seconds=600, filename=NAME, media_type=PDF)
        assert url.startswith("http://kis.test/v1/objects/")
        link = local.opened(url.rpartition("/")[2])
        assert (link.path, link.filename, link.media_type) == ("quote/a/b.pdf", NAME, PDF)

    async def test_of_a_bucket_is_not_ours_to_open(self, s3: ObjectStore) -> None:
        with pytest.raises(LinkRefused):
            s3.opened("a.b")


class TestEnsure:
    async def test_makes_a_private_bucket_with_rules(self, s3: ObjectStore, s3_server: str) -> None:
        async with httpx2.AsyncClient(base_url=s3_server) as client:
            closed = (await client.get(f"/{s3.bucket}?publicAccessBlock")).text
            told = (await client.get(f"/{s3.bucket}?lifecycle")).text
            place = (await client.get(f"/{s3.bucket}?location")).text
        assert closed.count("true") == 4
        assert "ap-northeast-2" in place
        for expected in ("below/readyz/", "below/exports/", "<DaysAfterInitiation>1<"):
            assert expected in told

    async def test_leaves_the_rules_of_others(
        self, s3: ObjectStore, s3_server: str, opening: Open, s3_settings: StorageSettings
    ) -> None:
        theirs = (
            '<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>theirs</ID>'
            "<Filter><Prefix>a/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>99</Days></Expiration>"
            "</Rule></LifecycleConfiguration>"
        )
        async with httpx2.AsyncClient(base_url=s3_server) as client:
            (await client.put(f"/{s3.bucket}?lifecycle", content=theirs)).raise_for_status()
            await opening(s3_settings).ensure()
            told = (await client.get(f"/{s3.bucket}?lifecycle")).text
        assert told.count("<Rule>") == 4
        assert "<ID>theirs</ID>" in told
