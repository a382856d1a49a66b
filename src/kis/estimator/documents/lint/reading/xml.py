"""XML of a file that anybody may have touched: no entities, no network, no endless trees."""

from typing import TYPE_CHECKING

from kis.estimator.documents.lint.reading.errors import Unreadable
from kis.platform.messages import Message

if TYPE_CHECKING:
    from lxml.etree import _Element


def read_xml(data: bytes) -> "_Element":
    """Return the root of an XML file. Raises Unreadable."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(Message("lint.reading.no_xml")) from error
