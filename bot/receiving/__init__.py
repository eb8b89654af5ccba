"""How what people do reaches the handlers, and that none of it is lost. ``long_poll`` is the way in."""
