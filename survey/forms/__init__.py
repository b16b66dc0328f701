"""Forms: an instrument page as a form, the staff's own forms, and the wording of what can go wrong."""
