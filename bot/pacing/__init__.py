"""How fast the bot may write, and who goes first. ``limiter`` is the way in."""
