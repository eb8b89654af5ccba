// The chat page: puts log, composer, people and connection together. The chat is named in the address: /?chat=ID.

import { chatId, givenName, isPrivate, payload, remember } from "./address.js";
import { Answers } from "./answers.js";
import * as api from "./api.js";
import { Chats, nameOf } from "./chats.js";
import { Composer } from "./composer.js";
import { takeDrops } from "./dropping.js";
import { byId, element } from "./elements.js";
import { Log } from "./log.js";
import { showToast } from "./notices.js";
import { People } from "./people.js";
import { myReaction, openPicker } from "./reactions.js";
import { Replying } from "./replying.js";
import { Scrolling } from "./scrolling.js";
import { Topics } from "./topics.js";

const TYPING_MS = 5000; // as long as Telegram shows an action
const isMine = (message) => message.from?.id === people.me;

const chats = new Chats();
const people = new People(() => redraw());
const topics = new Topics(() => redraw());
const replying = new Replying();
const log = new Log(byId("log"), (message) => ({
  mine: isMine(message),
  me: people.me,
  topic: topics.labelOf(message),
  elsewhere: topics.hides(message),
  onCommand: send,
  press,
  react,
  openPicker: offer,
}));
const answers = new Answers();
const scrolling = new Scrolling();
const composer = new Composer({ send, attach, commands: () => api.listCommands(chatId) });
let channel = false;
let typingEnds = 0;
let connected = true;
let loads = 0;
let waiting = []; // what happened while the list of messages is on its way; null when the list is there

const circumstances = () => ({ ...people.acting, ...topics.place, ...replying.place });

async function send(text) {
  try {
    const named = givenName && log.empty ? { first_name: givenName } : {};
    const message = await api.write(chatId, text, { ...circumstances(), ...named });
    replying.end();
    afterLoading(() => shown(message));
  } catch (error) {
    showToast(error.message);
    throw error;
  }
}

async function press(message, data) {
  const { callback_query_id: queryId } = await api.press(chatId, message.message_id, data, people.acting);
  return answers.to(queryId);
}

async function attach(files) {
  for (const file of files) {
    await tried(async () => {
      const message = await api.attach(chatId, file, circumstances());
      afterLoading(() => shown(message));
    });
  }
  replying.end();
}

const react = (message, emoji) => tried(() => api.react(chatId, message.message_id, emoji, people.acting));

function offer(message, bubble) {
  const answer = () => {
    replying.begin(message);
    composer.focus();
  };
  const actions = {
    Reply: answer,
    Forward: () => chooseTarget(message),
    Delete: () => tried(() => api.remove(chatId, message.message_id, people.acting)),
  };
  openPicker(bubble, { chosen: myReaction(message, people.me), react: (emoji) => react(message, emoji), actions });
}

async function chooseTarget(message) {
  await chats.load();
  const targets = chats.all.map((chat) => {
    const onclick = () => {
      byId("forward-panel").close();
      tried(() => forwardTo(chat, message));
    };
    return element("li", {}, element("button", { type: "button", onclick }, nameOf(chat)));
  });
  byId("targets").replaceChildren(...targets);
  byId("forward-panel").showModal();
}

async function forwardTo(chat, message) {
  await api.forward(chat.id, chatId, message.message_id, chat.id > 0 ? {} : { user_id: people.me });
  if (chat.id !== chatId) showToast(`Forwarded to ${nameOf(chat)}`);
}

async function tried(act) {
  try {
    await act();
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
  if (log.empty || topics.isNew(message) || people.isNew(message)) tried(loadFacts);
  log.put(message);
  showState();
  scrolling.added({ mine: isMine(message) });
}

function removed(messageIds) {
  log.remove(messageIds);
  showState();
}

function redraw() {
  log.redraw();
  showState();
  showStatus();
  scrolling.toEnd("instant");
}

function showState() {
  const offersStart = isPrivate && (log.empty || payload() !== null);
  const mayWrite = !channel || people.iLead;
  byId("welcome").hidden = !log.empty;
  byId("start").hidden = !offersStart;
  byId("composer").hidden = offersStart || !mayWrite;
  byId("closed").hidden = mayWrite;
}

function showStatus() {
  byId("lost").hidden = connected;
  byId("typing").hidden = typingEnds === 0;
  byId("status").textContent = !connected ? "connecting …" : typingEnds ? "typing …" : kindWords();
}

function kindWords() {
  if (isPrivate) return "bot";
  return `${channel ? "channel" : "group"}, ${people.count === 1 ? "1 person" : `${people.count} people`}`;
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
  await tried(async () => {
    await showBot();
    await loadFacts();
    const messages = await api.listMessages(chatId);
    if (load === loads) showAll(messages);
  });
  if (load !== loads) return;
  const acts = waiting;
  waiting = null;
  for (const act of acts) act();
}

// Who is here, which topics there are, and which other chats.
async function loadFacts() {
  const facts = await chats.load();
  channel = facts?.chat.type === "channel";
  if (!isPrivate && facts) byId("name").textContent = facts.chat.title;
  if (facts?.chat.type === "supergroup") topics.load(facts.topics);
  await people.load({ channel });
  showStatus();
}

function showAll(messages) {
  log.replace(messages);
  showState();
  scrolling.toEnd("instant");
}

function lost() {
  connected = false;
  showStatus();
}

async function showBot() {
  const bot = await api.showBot();
  if (isPrivate) byId("name").textContent = bot.first_name;
  byId("welcome-name").textContent = bot.first_name;
  if (bot.description) byId("welcome-words").textContent = bot.description;
}

byId("start").addEventListener("click", () => {
  send(["/start", payload()].filter(Boolean).join(" ")).then(
    () => {
      remember("start", null);
      showState();
      composer.focus();
    },
    () => {},
  );
});
takeDrops(attach);

const handlers = {
  message: (message) => afterLoading(() => shown(message)),
  edit: (message) => afterLoading(() => log.put(message)),
  delete: ({ message_ids }) => afterLoading(() => removed(message_ids)),
  typing: startTyping,
  answer: (answer) => answers.tell(answer),
};
api.watch(chatId, handlers, { opened, lost });
