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

// Of whoever looks at the page, as Telegram's apps tell it: "zh" for "zh-CN".
export const language = navigator.language.split("-")[0];

export const showBot = () => ask(`/user/bot?language_code=${language}`);

export const listCommands = (chatId) => ask(`/user/commands?chat_id=${chatId}&language_code=${language}`);

export const listMessages = (chatId) => ask(`/user/chats/${chatId}/messages`);

export const listChats = () => ask("/user/chats");

export const listPeople = (chatId) => ask(`/user/chats/${chatId}/people`);

// `more` says who acts and where: { user_id, first_name, thread_id, topic, reply_to_message_id }, each if needed.
export const write = (chatId, text, more) => post(`/user/chats/${chatId}/messages`, { text, ...more });

export const press = (chatId, messageId, data, more) =>
  post(`/user/chats/${chatId}/presses`, { message_id: messageId, data, ...more });

export const react = (chatId, messageId, emoji, more) =>
  post(`/user/chats/${chatId}/reactions`, { message_id: messageId, emoji, ...more });

export const forward = (chatId, fromChatId, messageId, more) =>
  post(`/user/chats/${chatId}/forward`, { from_chat_id: fromChatId, message_id: messageId, ...more });

export const remove = (chatId, messageId, more) =>
  ask(`/user/chats/${chatId}/messages/${messageId}`, { method: "DELETE", body: JSON.stringify(more) });

export const addBot = (chatId, fields) => post(`/user/chats/${chatId}/add`, fields);

export const block = (chatId, more) => post(`/user/chats/${chatId}/block`, more);

export const seat = (chatId, fields) => post(`/user/chats/${chatId}/people`, fields);

const PHOTO_KINDS = ["image/png", "image/jpeg"];
const MAX_PHOTO = 10 * 1024 * 1024;

// A picture goes as a photo, as people's apps send it, all else as a document.
export function attach(chatId, file, more) {
  const form = new FormData();
  for (const [name, value] of Object.entries(more)) form.append(name, value);
  form.append("document", file);
  const kind = PHOTO_KINDS.includes(file.type) && file.size <= MAX_PHOTO ? "photos" : "documents";
  return ask(`/user/chats/${chatId}/${kind}`, { method: "POST", body: form });
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
