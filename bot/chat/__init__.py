"""What people say and press in a chat, and what is answered. Handlers only: parse, call, answer."""
