"""Charts as places on a sheet: numbers go in, shapes and words come out. Pure geometry; the words are the caller's."""
