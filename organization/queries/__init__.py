"""Who stands where: posts and supervisors, subtrees, the census, the personnel office and what it is asked."""

from organization.queries.census import CensusRow, census
from organization.queries.corrections import (
    corrections_for,
    corrections_in,
    corrections_without_office,
    office_of,
    officers_for,
    own_corrections,
)
from organization.queries.personal import personal_data_of
from organization.queries.personnel import (
    count_by_entry,
    hr_units,
    mandates_of,
    nameable_by,
    people_by_entry,
    units_to_choose,
    unreachable_in,
)
from organization.queries.posts import (
    Supervised,
    posting_of,
    posts_led_by,
    supervised,
    supervisor_of,
    turning_days,
    units_led_by,
)
from organization.queries.subtrees import units_below

__all__ = [
    "CensusRow",
    "Supervised",
    "census",
    "corrections_for",
    "corrections_in",
    "corrections_without_office",
    "count_by_entry",
    "hr_units",
    "mandates_of",
    "nameable_by",
    "office_of",
    "officers_for",
    "own_corrections",
    "people_by_entry",
    "personal_data_of",
    "posting_of",
    "posts_led_by",
    "supervised",
    "supervisor_of",
    "turning_days",
    "units_below",
    "units_led_by",
    "units_to_choose",
    "unreachable_in",
]
