"""The interface to assessments: one's own, and cycles. It shows and takes what the pages do."""

from ninja import Router

from assessments.api import cycles, own

routers: tuple[Router, ...] = (own.router, cycles.router)

__all__ = ["routers"]
