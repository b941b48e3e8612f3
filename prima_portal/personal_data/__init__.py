"""Everything that the portal holds about one person, for that person: joined from what each app knows."""

from prima_portal.personal_data.archive import ARCHIVE_NAME, Archive
from prima_portal.personal_data.gathering import FORMAT, Rows, json_chunks, personal_data_of
from prima_portal.personal_data.reading import Part, Section, sections_of
from prima_portal.personal_data.words import ABOUT, EMPTY, LABELS

__all__ = [
    "ABOUT",
    "ARCHIVE_NAME",
    "EMPTY",
    "FORMAT",
    "LABELS",
    "Archive",
    "Part",
    "Rows",
    "Section",
    "json_chunks",
    "personal_data_of",
    "sections_of",
]
