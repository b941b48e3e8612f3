"""A next release, as far as a database sees one: an app whose only migration changes tables that people write to."""
