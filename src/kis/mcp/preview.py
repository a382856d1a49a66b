"""The documents a request would get: written and judged as those of a quotation, kept nowhere."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from kis.estimator import ALL_FORMS, Brand, Issue, Product, forms_of, load_brand
from kis.mcp.desk import Desk
from kis.mcp.engine import produced, understood
from kis.platform.errors import BadInput
from kis.quotations import brand_of


async def preview(
    desk: Desk,
    request: dict[str, Any] | str,
    *,
    documents: Sequence[str] | None = None,
    brand: dict[str, Any] | str | None = None,
    number: str = "",
) -> Product:
    """Return what a quotation for ``request`` would hold, under ``brand`` or the organisation's own."""
    issue = Issue(
        number=number,
        brand=await brand_for(desk, brand),
        forms=ALL_FORMS if documents is None else forms_of(documents),
    )
    return await produced(desk, await understood(request), issue)


async def brand_for(desk: Desk, given: dict[str, Any] | str | None) -> Brand:
    """Return the brand that is given as a brand file (an object or its YAML), else the organisation's own. Raises BadInput."""
    if given is not None:
        return await desk.work(lambda: _read(given))
    own = await desk.application.identity.organizations.get(desk.principal, desk.principal.organization_id)
    data = desk.application.settings.application.data
    return await desk.work(lambda: brand_of(data, own.code))


def _read(given: dict[str, Any] | str) -> Brand:
    text = given if isinstance(given, str) else yaml.safe_dump(given, allow_unicode=True)
    with TemporaryDirectory(prefix="kis-brand-") as folder:
        path = Path(folder) / "brand.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            return load_brand(path)
        except BadInput as error:
            raise BadInput("brand", error.problems) from error
