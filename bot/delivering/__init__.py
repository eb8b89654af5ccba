"""How one message is read, written, sent and settled. `bot.delivery` says which, and when."""
