// One message as an element of the log: a bubble with its time and keyboard, or a line for what Telegram tells.

import { fileAddress } from "./api.js";
import { keyboard } from "./buttons.js";
import { element, link } from "./elements.js";
import { formatted } from "./entities.js";
import { reactionRow } from "./reactions.js";
import { viewable } from "./viewer.js";

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const UNITS = ["B", "KB", "MB"];

// In whose name a message stands: a channel's or a group's, else a person's.
export const senderOf = (message) => message.sender_chat ?? message.from;
const nameOf = (sender) => sender.title ?? sender.first_name;

// `mine` puts it on the reader's side, `topic` is the name to show; the functions are called when they are used:
// `onCommand(text)`, `press(message, data)`, `react(message, emoji)`, `openPicker(message, element)`.
export function bubble(message, { mine, me, topic, onCommand, press, react, openPicker }) {
  const service = serviceWords(message);
  if (service) return element("li", { class: "service" }, element("p", {}, ...service));
  const sender = message.chat.type !== "private" && !mine ? element("p", { class: "sender" }, nameOf(senderOf(message))) : null;
  const place = topic ? element("p", { class: "topic" }, `# ${topic}`) : null;
  const reactions = reactionRow(message, { me, react });
  const parts = [sender, place, ...content(message, onCommand), reactions, stamp(message)];
  const open = () => openPicker(message, body);
  const act = element("button", { type: "button", class: "act", "aria-label": "React, reply and more", onclick: open }, "☺");
  const body = element("div", { class: "bubble" }, ...parts, act);
  onLongPress(body, open);
  const made = element("li", { class: mine ? "message mine" : "message" }, body, keyboard(message, press));
  if (message.photo && !message.caption && !reactions) made.classList.add("bare");
  return made;
}

const LONG_PRESS_MS = 450;

// A long press or a right click does what the quiet button beside the bubble does.
function onLongPress(body, open) {
  let timer = 0;
  const end = () => clearTimeout(timer);
  const isFree = (event) => !event.target.closest("a, .key") && String(getSelection()) === "";
  body.addEventListener("touchstart", (event) => isFree(event) && (timer = setTimeout(open, LONG_PRESS_MS)), { passive: true });
  for (const kind of ["touchend", "touchmove", "touchcancel"]) body.addEventListener(kind, end, { passive: true });
  body.addEventListener("contextmenu", (event) => {
    if (!isFree(event)) return;
    event.preventDefault();
    end();
    open();
  });
}

function content(message, onCommand) {
  const words = message.text ?? message.caption;
  const entities = message.entities ?? message.caption_entities;
  const attributes = { class: "text", dir: "auto", "data-stamp": stampWords(message) };
  const text = words && element("div", attributes, formatted(words, entities, onCommand));
  return [forwarded(message.forward_origin), reply(message.reply_to_message), photo(message), file(message.document), text];
}

function forwarded(origin) {
  if (!origin) return null;
  return element("p", { class: "forwarded" }, `Forwarded from ${nameOf(origin.chat ?? origin.sender_chat ?? origin.sender_user)}`);
}

function reply(message) {
  if (!message) return null;
  const words = message.text ?? message.caption ?? (message.photo ? "Photo" : "File");
  return element("p", { class: "reply" }, element("strong", {}, nameOf(senderOf(message))), element("span", {}, words));
}

function photo(message) {
  const size = message.photo?.at(-1);
  if (!size) return null;
  const made = element("img", {
    class: "photo",
    src: fileAddress(size.file_id),
    width: size.width,
    height: size.height,
    alt: message.caption ?? "Photo",
  });
  const shown = viewable(made);
  made.addEventListener("error", () => shown.replaceWith(element("p", { class: "gone" }, "This photo is no longer kept.")));
  return shown;
}

function file(document) {
  if (!document) return null;
  const sign = element("span", { class: "file-sign", "aria-hidden": "true" }, suffix(document.file_name));
  const size = element("span", { class: "file-size" }, readable(document.file_size));
  const words = element("span", { class: "file-words" }, element("span", { class: "file-name" }, document.file_name), size);
  const made = link(new URL(fileAddress(document.file_id), location.href).href, sign, words);
  made.classList.add("file");
  made.setAttribute("download", document.file_name);
  return made;
}

function suffix(name) {
  const found = /\.(\w{1,4})$/.exec(name);
  return found ? found[1].toUpperCase() : "FILE";
}

function readable(bytes) {
  let unit = 0;
  let size = bytes;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size.toFixed(unit && size < 10 ? 1 : 0)} ${UNITS[unit]}`;
}

function stamp(message) {
  const sent = new Date(message.date * 1000).toISOString();
  return element("time", { class: "stamp", datetime: sent }, stampWords(message));
}

function stampWords(message) {
  return (message.edit_date && !message.edit_hidden ? "edited " : "") + time.format(new Date(message.date * 1000));
}

function serviceWords(message) {
  if (message.migrate_to_chat_id) {
    const there = element("a", { href: `/?chat=${message.migrate_to_chat_id}` }, "Go on there");
    return ["This group became a supergroup. ", there];
  }
  if (message.migrate_from_chat_id) return ["This supergroup was a group before."];
  if (message.new_chat_members) return [`${message.from.first_name} added ${message.new_chat_members[0].first_name}`];
  return null;
}
