// The address of the page: which chat is shown, as whom, and what a deep link brings.

const query = new URLSearchParams(location.search);

const whole = (name) => Number(query.get(name)) || null;

export const chatId = whole("chat") ?? 1;
export const isPrivate = chatId > 0;
export const givenName = query.get("name"); // of a person who has not written yet
export const givenActor = whole("as");

// The payload of a deep link, null where there is none that Telegram would take.
export const payload = () => /^[\w-]{1,64}$/.exec(query.get("start") ?? "")?.[0] ?? null;

export const addressOf = (chat) => `/?chat=${chat}`;

// Remembers a choice in the address, so that a reload or a second window has it too; null forgets it.
export function remember(name, value) {
  if (value === null) query.delete(name);
  else query.set(name, value);
  history.replaceState(null, "", `/?${query}`);
}
