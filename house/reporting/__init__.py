"""Reporting: anonymous contacts become released figures, and those the global-perspective report."""
