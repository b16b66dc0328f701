"""What is asked: definitions, read from data files into frozen values. Pure: no web, no database, no clock."""
