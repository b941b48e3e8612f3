"""Pages of assessments, a module for each task of a person."""
