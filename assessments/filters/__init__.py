"""Filters of lists; what is chosen stands in the address."""
