"""Judges from outside: the Nu HTML checker (`nu.py`) and axe-core 4.14.1 (`axe.min.js`, npm, MPL-2.0)."""
