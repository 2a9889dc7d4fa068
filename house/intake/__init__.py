"""Visits: booking, desk, queue and counters."""
