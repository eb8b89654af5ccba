"""How the text of trending-paper pages becomes papers. ``dump`` is the way in."""
