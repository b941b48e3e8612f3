"""Forms of the curator's pages."""
