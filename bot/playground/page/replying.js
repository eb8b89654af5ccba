// The message that the next one will answer, shown above the writing line.

import { byId } from "./elements.js";

export class Replying {
  #messageId = null;

  constructor() {
    byId("answering-end").addEventListener("click", () => this.end());
  }

  // What the answer refers to, as the user side of the playground wants to know it.
  get place() {
    return this.#messageId === null ? {} : { reply_to_message_id: this.#messageId };
  }

  begin(message) {
    this.#messageId = message.message_id;
    byId("answering-words").textContent = message.text ?? message.caption ?? (message.photo ? "Photo" : "File");
    byId("answering").hidden = false;
  }

  end() {
    this.#messageId = null;
    byId("answering").hidden = true;
  }
}
