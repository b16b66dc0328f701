"""Krachtmeting: instruments, answers, storage, forms and pages of a survey server for strengths-based social work."""
