"""What was said: which questions are asked, which answers count, and why an answer is missing. Pure."""
