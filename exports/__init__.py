"""Files for researchers: rows, and the formats in which they are written; `exports.formats.write` makes a file."""
