"""The rows of the reviewed table, by part of the portal."""
