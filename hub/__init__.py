"""Runs in the ward office: programme, plans, people, pages."""
