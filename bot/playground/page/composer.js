// The writing line and the menu of commands.

import { byId, element } from "./elements.js";

export class Composer {
  #text = byId("text");
  #menu = byId("menu");
  #list = byId("commands");
  #commands = [];
  #marked = 0;
  #asked = 0; // how often commands were asked for, or no longer wanted

  // `send(text)` returns a promise that fails where nothing was sent; `commands()` one of the command list.
  constructor({ send, attach, commands }) {
    this.send = send;
    this.load = commands;
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("keydown", (event) => this.#onKey(event));
    this.#text.addEventListener("input", () => this.#onInput());
    this.#menu.addEventListener("click", () => (this.#open ? this.#close() : this.#show("")));
    byId("file").addEventListener("change", (event) => {
      attach([...event.target.files]);
      event.target.value = "";
    });
    document.addEventListener("click", (event) => {
      if (!event.target.closest(".foot")) this.#close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#open) {
        this.#close();
        this.#text.focus();
      }
    });
  }

  focus() {
    // On a phone the keyboard would cover half of the chat before the reader wants to write.
    if (matchMedia("(hover: hover)").matches) this.#text.focus();
  }

  get #open() {
    return !this.#list.hidden;
  }

  async #submit() {
    const text = this.#text.value.trim();
    if (!text) return;
    this.#close();
    this.#set("");
    await this.send(text).catch(() => this.#set(text));
  }

  #set(text) {
    this.#text.value = text;
    this.#fit();
  }

  #fit() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${Math.min(this.#text.scrollHeight, 168)}px`;
  }

  #onInput() {
    this.#fit();
    const typed = /^\/\w*$/.exec(this.#text.value);
    if (typed) this.#show(typed[0].slice(1));
    else this.#close();
  }

  #onKey(event) {
    if (event.isComposing) return;
    if (this.#open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.#mark(this.#marked + (event.key === "ArrowDown" ? 1 : -1));
    } else if (this.#open && event.key === "Tab" && !event.shiftKey && this.#offered) {
      event.preventDefault();
      this.#set(`/${this.#offered}`);
      this.#close();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (this.#offered) this.#pick(this.#offered);
      else this.#submit();
    }
  }

  async #show(beginning) {
    const asked = ++this.#asked;
    const all = await this.load().catch(() => []);
    if (asked !== this.#asked) return; // meanwhile more was typed, or the line was sent
    this.#commands = all.filter(({ command }) => command.startsWith(beginning.toLowerCase()));
    this.#list.replaceChildren(...this.#commands.map((command, place) => this.#option(command, place)));
    if (all.length === 0) this.#list.append(element("li", { class: "no-commands" }, "The bot has announced no commands yet."));
    this.#list.hidden = all.length > 0 && this.#commands.length === 0;
    this.#menu.setAttribute("aria-expanded", String(this.#open));
    this.#mark(0);
    if (this.#open) this.#text.focus();
  }

  // The marked command, if it still goes on with what is typed: the list may be a moment behind.
  get #offered() {
    const marked = this.#open ? this.#commands[this.#marked] : undefined;
    return marked && `/${marked.command}`.startsWith(this.#text.value.toLowerCase()) ? marked.command : null;
  }

  #close() {
    this.#asked += 1;
    this.#list.hidden = true;
    this.#menu.setAttribute("aria-expanded", "false");
    this.#text.removeAttribute("aria-activedescendant");
  }

  #option({ command, description }, place) {
    const name = element("span", { class: "command-name" }, `/${command}`);
    const words = element("span", { class: "command-words" }, description);
    const onclick = () => this.#pick(command);
    return element("li", { role: "option", id: `command-${place}`, onclick }, name, words);
  }

  #mark(place) {
    const options = this.#list.querySelectorAll("[role=option]");
    if (options.length === 0) return;
    this.#marked = (place + options.length) % options.length;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === this.#marked)));
    options[this.#marked].scrollIntoView({ block: "nearest" });
    this.#text.setAttribute("aria-activedescendant", options[this.#marked].id);
  }

  #pick(command) {
    this.#close();
    this.#set("");
    this.send(`/${command}`).catch(() => this.#set(`/${command}`));
    this.focus();
  }
}
