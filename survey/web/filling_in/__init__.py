"""What somebody who fills in sees: one topic a page, saved as it is given, in one language or two."""
