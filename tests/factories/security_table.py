"""Every operation of the API, from the tables of its areas."""

from typing import Final

from tests.factories.security_admin import ADMIN
from tests.factories.security_analytics import ANALYTICS
from tests.factories.security_articles import ARTICLES
from tests.factories.security_assistant import ASSISTANT
from tests.factories.security_assistant_products import ASSISTANT_PRODUCTS
from tests.factories.security_assistant_threads import ASSISTANT_THREADS
from tests.factories.security_operations import GENERAL, Operation
from tests.factories.security_runs import RUNS
from tests.factories.security_search import SEARCH

OPERATIONS: Final[tuple[Operation, ...]] = (
    *GENERAL,
    *ARTICLES,
    *RUNS,
    *SEARCH,
    *ANALYTICS,
    *ADMIN,
    *ASSISTANT,
    *ASSISTANT_PRODUCTS,
    *ASSISTANT_THREADS,
)
