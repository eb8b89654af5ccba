// The log of messages: in order, with days between them, kept in step with what the playground tells.

import { bubble, senderOf } from "./bubbles.js";
import { element } from "./elements.js";
import { unfoldShort } from "./entities.js";

const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const GROUP_SECONDS = 300;

export class Log {
  #list;
  #describe; // message -> what `bubble` wants to know
  #shown = new Map(); // message_id -> { json, message, element }

  constructor(list, describe) {
    this.#list = list;
    this.#describe = describe;
  }

  get empty() {
    return this.#shown.size === 0;
  }

  // Draws all messages anew, for another reader or another choice of what is shown.
  redraw() {
    for (const known of this.#shown.values()) known.json = "";
    this.replace([...this.#shown.values()].map(({ message }) => message));
  }

  put(message) {
    const made = this.#place(message);
    if (!made) return;
    unfoldShort(made);
    this.#arrange();
  }

  // Makes the log show exactly these messages.
  replace(messages) {
    const kept = new Set(messages.map((message) => message.message_id));
    this.remove([...this.#shown.keys()].filter((id) => !kept.has(id)));
    for (const message of messages) this.#place(message);
    unfoldShort(this.#list);
    this.#arrange();
  }

  // Puts a message in its place and returns its element, null where it is shown like that already.
  #place(message) {
    const json = JSON.stringify(message);
    const known = this.#shown.get(message.message_id);
    if (known?.json === json) return null;
    const description = this.#describe(message);
    const made = bubble(message, description);
    made.dataset.messageId = message.message_id;
    made.hidden = description.elsewhere;
    if (known) {
      keepOpen(known.element, made);
      const focus = focusedKey(known.element);
      known.element.replaceWith(made);
      made.querySelectorAll(".key")[focus]?.focus();
    } else {
      made.classList.add("new");
      this.#list.append(made);
    }
    this.#shown.set(message.message_id, { json, message, element: made });
    return made;
  }

  remove(messageIds) {
    for (const id of messageIds) {
      this.#shown.get(id)?.element.remove();
      this.#shown.delete(id);
    }
    this.#arrange();
  }

  // Puts a line before each new day, and the tail on the last bubble of a run.
  #arrange() {
    for (const line of this.#list.querySelectorAll(".day")) line.remove();
    let before = null;
    for (const { message, element: made } of this.#shown.values()) {
      if (made.hidden) continue;
      const words = day.format(new Date(message.date * 1000));
      const newDay = !before || words !== day.format(new Date(before.message.date * 1000));
      if (newDay) made.before(element("li", { class: "day" }, element("p", {}, words)));
      const joined = !newDay && follows(before, { message, element: made });
      before?.element.classList.toggle("last", !joined);
      made.classList.toggle("joined", joined);
      before = { message, element: made };
    }
    before?.element.classList.add("last");
  }
}

function follows(before, { message, element: made }) {
  const sameSender = senderOf(before.message).id === senderOf(message).id;
  const sameTopic = before.message.message_thread_id === message.message_thread_id;
  const soon = message.date - before.message.date < GROUP_SECONDS;
  return sameSender && sameTopic && soon && [before.element, made].every((one) => one.matches(".message"));
}

// An edit, such as a thumb that shows its state, must not fold what the reader has opened.
function keepOpen(before, after) {
  const old = before.querySelectorAll("blockquote");
  after.querySelectorAll("blockquote.expandable").forEach((quote, place) => {
    if (old[place]?.getAttribute("aria-expanded") !== "true") return;
    quote.classList.remove("folded");
    quote.setAttribute("aria-expanded", "true");
  });
}

function focusedKey(made) {
  return [...made.querySelectorAll(".key")].indexOf(document.activeElement);
}
