// The topics of a forum group: which of them is shown, and where the reader writes.

import { showChips } from "./chips.js";
import { byId } from "./elements.js";

const ALL = "all";
const GENERAL = "general";

export class Topics {
  #names = new Map(); // thread_id -> name
  #chosen = ALL;
  #changed;

  // `changed()` is called when another topic is chosen.
  constructor(changed) {
    this.#changed = changed;
    byId("topic-new").addEventListener("submit", (event) => this.#add(event));
    byId("topic-cancel").addEventListener("click", () => byId("topic-panel").close());
  }

  load(topics) {
    for (const { thread_id: id, name } of topics) this.#names.set(id, name);
    this.#show();
  }

  // Where a new message goes, as the user side of the playground wants to know it.
  get place() {
    return this.#names.has(this.#chosen) ? { thread_id: this.#chosen, topic: this.#names.get(this.#chosen) } : {};
  }

  hides(message) {
    return this.#chosen !== ALL && (message.message_thread_id ?? GENERAL) !== this.#chosen;
  }

  // The name to show on a message: none where the topic is chosen or there is none.
  labelOf(message) {
    const id = message.message_thread_id;
    return id && this.#chosen === ALL ? (this.#names.get(id) ?? `Topic ${id}`) : null;
  }

  isNew(message) {
    return Boolean(message.message_thread_id) && !this.#names.has(message.message_thread_id);
  }

  #show() {
    const named = [...this.#names].map(([value, name]) => ({ value, words: `# ${name}` }));
    const choices = [{ value: ALL, words: "All" }, { value: GENERAL, words: "General" }, ...named];
    const add = () => byId("topic-panel").showModal();
    showChips(byId("topics"), { choices, chosen: this.#chosen, choose: (id) => this.#choose(id), add, addWords: "New topic" });
  }

  #choose(id) {
    this.#chosen = id;
    this.#changed();
  }

  #add(event) {
    event.preventDefault();
    const name = byId("topic-name").value.trim();
    if (!name) return;
    byId("topic-name").value = "";
    byId("topic-panel").close();
    const id = Math.max(1, ...this.#names.keys()) + 1;
    this.#names.set(id, name);
    this.#choose(id);
    this.#show();
  }
}
