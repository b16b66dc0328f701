"""Files for researchers: rows, and the formats in which they are written."""
