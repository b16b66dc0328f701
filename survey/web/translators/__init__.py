"""Translators' pages, and how their words reach every node."""
