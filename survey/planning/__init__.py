"""What a study plans: when somebody is due, by which lot, and how they stand. Pure: days come in as arguments."""
