"""The knowledge base: bilingual articles, their versions, review and publication."""

from kis.knowledge.analytics.charts import Chart
from kis.knowledge.analytics.drawing import ChartForm
from kis.knowledge.analytics.service import Analytics
from kis.knowledge.analytics.tables import csv_file
from kis.knowledge.analytics.things import MOST_LISTED, Concern, Failure, Listed, Period
from kis.knowledge.articles import Article, ArticleType, Place, Status, Version
from kis.knowledge.bulk import Act, Operation, Selection
from kis.knowledge.categories import Category, CategoryChange, NewCategory
from kis.knowledge.comments import Remark
from kis.knowledge.exporting.selecting import Wanted
from kis.knowledge.exporting.things import Export, ExportForm
from kis.knowledge.features import FEATURES
from kis.knowledge.files import Files
from kis.knowledge.importing.options import Conflict, ImportOptions
from kis.knowledge.importing.packing import packed
from kis.knowledge.limits import LIMITS
from kis.knowledge.markdown import rendered_page
from kis.knowledge.means import Means
from kis.knowledge.reading import FILTERS, SORTS, Shown
from kis.knowledge.reindexing import JOB as REINDEX_JOB
from kis.knowledge.reindexing import Reindexing
from kis.knowledge.rules import Rules
from kis.knowledge.runs.report import ReportForm
from kis.knowledge.runs.things import IMPORT, Outcome, Run, RunStatus, ShownRow
from kis.knowledge.service import Knowledge, chores, handlings
from kis.knowledge.texts import Text, Texts, TextState, Words, state_of
from kis.knowledge.translation_endpoint import translator_of
from kis.knowledge.writing import UNSET, Draft, Save

__all__ = [
    "FEATURES",
    "FILTERS",
    "IMPORT",
    "LIMITS",
    "MOST_LISTED",
    "REINDEX_JOB",
    "SORTS",
    "UNSET",
    "Act",
    "Analytics",
    "Article",
    "ArticleType",
    "Category",
    "CategoryChange",
    "Chart",
    "ChartForm",
    "Concern",
    "Conflict",
    "Draft",
    "Export",
    "ExportForm",
    "Failure",
    "Files",
    "ImportOptions",
    "Knowledge",
    "Listed",
    "Means",
    "NewCategory",
    "Operation",
    "Outcome",
    "Period",
    "Place",
    "Reindexing",
    "Remark",
    "ReportForm",
    "Rules",
    "Run",
    "RunStatus",
    "Save",
    "Selection",
    "Shown",
    "ShownRow",
    "Status",
    "Text",
    "TextState",
    "Texts",
    "Version",
    "Wanted",
    "Words",
    "chores",
    "csv_file",
    "handlings",
    "packed",
    "rendered_page",
    "state_of",
    "translator_of",
]
