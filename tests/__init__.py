"""Tests of the house; the folders mirror `house/`."""
