"""Accounts, roles, sign-in; bodies and their members."""
