"""Study protocols: who is asked which instrument, when, and by whom, as data."""
