"""Pages of the organisation: people ask for corrections, the personnel office answers."""
