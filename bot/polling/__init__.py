"""The poll: from a source's list to stored papers. ``poller`` is the way in."""
