"""The participant's own screen, paired with one response."""
