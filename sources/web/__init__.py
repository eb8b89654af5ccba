"""How Paperboy behaves on the web: one client, polite and within limits. ``client`` is the way in."""
