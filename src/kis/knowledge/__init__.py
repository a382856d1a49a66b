"""The knowledge base: bilingual articles, their versions, review and publication."""

from kis.knowledge.bulk import Act, Operation, Selection
from kis.knowledge.exporting.selecting import Wanted
from kis.knowledge.exporting.things import Export, ExportForm
from kis.knowledge.files import Files
from kis.knowledge.importing.packing import packed
from kis.knowledge.means import Means
from kis.knowledge.runs.report import ReportForm
from kis.knowledge.runs.things import Outcome, Run, RunStatus
from kis.knowledge.service import Knowledge, chores, handlings

__all__ = [
    "Act",
    "Export",
    "ExportForm",
    "Files",
    "Knowledge",
    "Means",
    "Operation",
    "Outcome",
    "ReportForm",
    "Run",
    "RunStatus",
    "Selection",
    "Wanted",
    "chores",
    "handlings",
    "packed",
]
