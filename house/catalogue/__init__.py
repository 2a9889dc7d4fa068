"""Authorities, services, schedules and rules; from them a person's plan and the open directory."""
