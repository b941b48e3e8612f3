"""Forms of filling in, reviewing and running assessments."""
