"""The room of reports: what a study found, in pages that can be printed."""
