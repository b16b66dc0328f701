"""The work of a study: participants, interviews, links, meetings, each within its teams."""
