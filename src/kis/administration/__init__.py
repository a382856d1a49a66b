"""What keeps an installation in order: how it stands, its jobs, its limits."""

from kis.administration.jobs import JobChoice, JobView
from kis.administration.service import Administration
from kis.administration.things import (
    ArticleFigures,
    BackupFigures,
    IndexFigures,
    InstallationFigures,
    JobFigures,
    OrganizationFigures,
    Overview,
    RoleFigures,
    StorageFigures,
)

__all__ = [
    "Administration",
    "ArticleFigures",
    "BackupFigures",
    "IndexFigures",
    "InstallationFigures",
    "JobChoice",
    "JobFigures",
    "JobView",
    "OrganizationFigures",
    "Overview",
    "RoleFigures",
    "StorageFigures",
]
