"""Hand-overs that wait for an outcome."""
