"""The pages of admins: people, studies, links, instruments, languages, settings, the audit trail, and erasing."""
