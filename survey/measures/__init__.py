"""What can be computed from answers and from how they were given. Pure: numbers in, numbers out."""
