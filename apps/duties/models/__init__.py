"""Models of duties, one file a subject."""

from apps.duties.models.catalogue import (
    ActivityKind,
    Campaign,
    CatalogueVersion,
    Chapter,
    Clause,
    Mechanism,
    Parameter,
    SelfCheckQuestion,
    Source,
    committee,
)
from apps.duties.models.duties import Duty

__all__ = [
    "ActivityKind",
    "Campaign",
    "CatalogueVersion",
    "Chapter",
    "Clause",
    "Duty",
    "Mechanism",
    "Parameter",
    "SelfCheckQuestion",
    "Source",
    "committee",
]
