"""What people do in a chat: write, press, react, come and go. Each becomes an update for the bot."""
