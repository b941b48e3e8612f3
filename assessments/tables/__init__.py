"""Lists of assessments as tables: columns, order, links."""
