"""What researchers look at and take along: downloads, trails, progress, quality, queries and locks."""
