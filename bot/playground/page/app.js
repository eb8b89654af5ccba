// The chat page: puts log, composer and connection together. The chat is named in the address: /?chat=ID.

import { Answers } from "./answers.js";
import * as api from "./api.js";
import { Composer } from "./composer.js";
import { byId } from "./elements.js";
import { Log } from "./log.js";
import { showToast } from "./notices.js";
import { Scrolling } from "./scrolling.js";

const TYPING_MS = 5000; // as long as Telegram shows an action
const chatId = Number(new URLSearchParams(location.search).get("chat")) || 1;
const me = chatId > 0 ? chatId : 1;
const isMine = (message) => message.from.id === me;

const log = new Log(byId("log"), (message) => ({ mine: isMine(message), onCommand: send, press }));
const answers = new Answers();
const scrolling = new Scrolling();
const composer = new Composer({ send, attach, commands: () => api.listCommands(chatId) });
let typingEnds = 0;
let connected = true;
let loads = 0;
let waiting = []; // what happened while the list of messages is on its way; null when the list is there

async function send(text) {
  try {
    const message = await api.write(chatId, text);
    afterLoading(() => shown(message));
  } catch (error) {
    showToast(error.message);
    throw error;
  }
}

async function press(message, data) {
  const { callback_query_id: queryId } = await api.press(chatId, message.message_id, data);
  return answers.to(queryId);
}

async function attach(file) {
  try {
    const message = await api.attach(chatId, file);
    afterLoading(() => shown(message));
  } catch (error) {
    showToast(error.message);
  }
}

// The list may be older than what happened while it came: that is shown after it, never before.
function afterLoading(act) {
  if (waiting) waiting.push(act);
  else act();
}

function shown(message) {
  if (!isMine(message)) stopTyping();
  log.put(message);
  showState();
  scrolling.added({ mine: isMine(message) });
}

function removed(messageIds) {
  log.remove(messageIds);
  showState();
}

function showState() {
  byId("welcome").hidden = !log.empty;
  byId("start").hidden = !log.empty;
  byId("composer").hidden = log.empty;
}

function showStatus() {
  byId("lost").hidden = connected;
  byId("typing").hidden = typingEnds === 0;
  byId("status").textContent = !connected ? "connecting …" : typingEnds ? "typing …" : chatId > 0 ? "bot" : "group with a bot";
}

function startTyping({ action }) {
  clearTimeout(typingEnds);
  typingEnds = action === "cancel" ? 0 : setTimeout(stopTyping, TYPING_MS);
  showStatus();
  scrolling.grown();
}

function stopTyping() {
  clearTimeout(typingEnds);
  typingEnds = 0;
  showStatus();
}

async function opened() {
  const load = ++loads;
  waiting ??= [];
  connected = true;
  showStatus();
  try {
    await showBot();
    const messages = await api.listMessages(chatId);
    if (load === loads) showAll(messages);
  } catch (error) {
    showToast(error.message);
  }
  if (load !== loads) return;
  const acts = waiting;
  waiting = null;
  for (const act of acts) act();
}

function showAll(messages) {
  log.replace(messages);
  if (messages.at(-1)?.chat.title) byId("name").textContent = messages.at(-1).chat.title;
  showState();
  scrolling.toEnd("instant");
}

function lost() {
  connected = false;
  showStatus();
}

async function showBot() {
  const bot = await api.showBot();
  byId("name").textContent = bot.first_name;
  byId("welcome-name").textContent = bot.first_name;
  if (bot.description) byId("welcome-words").textContent = bot.description;
}

byId("start").addEventListener("click", () => {
  send("/start").then(
    () => composer.focus(),
    () => {},
  );
});

const handlers = {
  message: (message) => afterLoading(() => shown(message)),
  edit: (message) => afterLoading(() => log.put(message)),
  delete: ({ message_ids }) => afterLoading(() => removed(message_ids)),
  typing: startTyping,
  answer: (answer) => answers.tell(answer),
};
api.watch(chatId, handlers, { opened, lost });
