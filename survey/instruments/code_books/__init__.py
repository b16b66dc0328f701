"""Code books: what passages of open answers are called, in groups, as data."""
