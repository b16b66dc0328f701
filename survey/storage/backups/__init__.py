"""Backups: the whole database as one consistent file, and back."""
