"""Coding the open answers: the page on them, their list, coding one, comparing two coders, the codes, and quotes."""
