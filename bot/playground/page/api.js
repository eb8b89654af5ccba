// The user side of the playground over HTTP. Every failure is an Error with words for the reader.

async function ask(path, options = {}) {
  const response = await fetch(path, options).catch(() => {
    throw new Error("Paperboy is not running: start the playground again.");
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The playground answered ${response.status}.`);
  return answer;
}

const post = (path, fields) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields) });

export const showBot = () => ask("/user/bot");

export const listCommands = (chatId) =>
  ask(`/user/commands?chat_id=${chatId}&language_code=${navigator.language.split("-")[0]}`);

export const listMessages = (chatId) => ask(`/user/chats/${chatId}/messages`);

export const write = (chatId, text) => post(`/user/chats/${chatId}/messages`, { text });

export const press = (chatId, messageId, data) =>
  post(`/user/chats/${chatId}/presses`, { message_id: messageId, data });

export function attach(chatId, file) {
  const form = new FormData();
  form.append("document", file);
  return ask(`/user/chats/${chatId}/documents`, { method: "POST", body: form });
}

export const fileAddress = (fileId) => `/user/files/${encodeURIComponent(fileId)}`;

// Calls `handlers[kind](content)` for each event of a chat, `opened` on every (re)connection and `lost` when it breaks.
export function watch(chatId, handlers, { opened, lost }) {
  const source = new EventSource(`/user/chats/${chatId}/stream`);
  for (const [kind, handle] of Object.entries(handlers)) {
    source.addEventListener(kind, (event) => handle(JSON.parse(event.data)));
  }
  source.addEventListener("open", opened);
  source.addEventListener("error", () => {
    lost();
    // The browser comes back by itself unless the server refused: then nobody else will try again.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => watch(chatId, handlers, { opened, lost }), 2000);
  });
}
