"""Keeping the read models: recomputed where something changed, released in batches; and proving it."""

from dashboards.operations.refreshing import rebuild, refresh
from dashboards.operations.verifying import Verification, verify

__all__ = ["Verification", "rebuild", "refresh", "verify"]
