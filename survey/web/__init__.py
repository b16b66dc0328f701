"""The pages: what a visitor sees, and what comes of what they send."""
