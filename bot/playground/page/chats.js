// The list of chats, and the panel that makes a new one.

import { addressOf, chatId } from "./address.js";
import * as api from "./api.js";
import { byId, element } from "./elements.js";
import { showToast } from "./notices.js";

const SUPERGROUPS = 10 ** 12;
const KINDS = { private: "one person", group: "group", supergroup: "group", channel: "channel" };
const COMPANY = ["Ada", "Ben", "Chloe"];

export const nameOf = (chat) => chat.title ?? chat.first_name;
const idOf = ({ chat }) => chat.id;

export class Chats {
  #known = [];

  constructor() {
    byId("side-open").addEventListener("click", () => {
      this.#show(true);
      this.load().catch((error) => showToast(error.message));
    });
    byId("side-close").addEventListener("click", () => this.#show(false));
    byId("side").addEventListener("keydown", (event) => event.key === "Escape" && this.#show(false));
    byId("new-chat").addEventListener("click", () => this.#open());
    byId("chat-cancel").addEventListener("click", () => byId("chat-panel").close());
    byId("chat-new").addEventListener("change", () => this.#showFields());
    byId("chat-new").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#make().catch((error) => showToast(error.message));
    });
  }

  get all() {
    return this.#known.map(({ chat }) => chat);
  }

  // Loads the list and returns what it tells of the chat that is shown, undefined where there is none yet.
  async load() {
    this.#known = (await api.listChats()).filter(({ chat }) => !this.#becameAnother(chat));
    byId("chats").replaceChildren(...this.all.map(entry));
    return this.#known.find((one) => idOf(one) === chatId);
  }

  #becameAnother(chat) {
    return chat.type === "group" && chat.id !== chatId && this.all.some(({ id }) => id === chat.id - SUPERGROUPS);
  }

  // Only on narrow windows: on wide ones the list is always there.
  #show(shown) {
    byId("side").classList.toggle("open", shown);
    byId("side-open").setAttribute("aria-expanded", String(shown));
    byId("app").inert = shown;
    byId(shown ? "side-close" : "side-open").focus();
  }

  #open() {
    const me = this.all.find(({ id }) => id === chatId && id > 0)?.first_name ?? COMPANY[0];
    byId("chat-people").value = [me, ...COMPANY.slice(1)].join(", ");
    this.#showFields();
    byId("chat-panel").showModal();
    byId("chat-name").focus();
  }

  #showFields() {
    byId("chat-people-field").hidden = kindChosen() === "private";
  }

  async #make() {
    const title = byId("chat-name").value.trim();
    const kind = kindChosen();
    if (!title) return;
    if (kind === "private") {
      location.href = `${addressOf(this.#unusedPerson())}&name=${encodeURIComponent(title)}`;
      return;
    }
    const id = this.#unusedGroup(kind);
    const [owner, ...others] = this.#named(byId("chat-people").value);
    await api.addBot(id, { title, kind, ...owner, language_code: api.language });
    for (const person of others) await api.seat(id, { ...person, role: "member" });
    location.href = `${addressOf(id)}&as=${owner.user_id}`;
  }

  // Who has a private chat keeps the id of it; the others get ids that nobody has.
  #named(words) {
    const names = [...new Set(words.split(",").map((name) => name.trim()).filter(Boolean))];
    let unused = this.#unusedPerson();
    return (names.length ? names : COMPANY).map((name) => {
      const known = this.all.find((chat) => chat.first_name === name);
      return { user_id: known?.id ?? unused++, first_name: name };
    });
  }

  #unusedPerson() {
    return Math.max(0, chatId, ...this.all.map(({ id }) => id)) + 1;
  }

  #unusedGroup(kind) {
    const numbers = this.all.filter(({ id }) => id < 0).map(({ id }) => -id % SUPERGROUPS);
    const number = Math.max(0, ...numbers) + 1;
    return kind === "group" ? -number : -SUPERGROUPS - number;
  }
}

function entry(chat) {
  const face = element("span", { class: "face", "aria-hidden": "true" }, [...nameOf(chat)][0]);
  const words = element("span", { class: "chat-words" }, element("span", { class: "chat-name" }, nameOf(chat)), element("small", {}, KINDS[chat.type]));
  const here = chat.id === chatId && "page";
  return element("li", {}, element("a", { href: addressOf(chat.id), "aria-current": here }, face, words));
}

const kindChosen = () => new FormData(byId("chat-new")).get("kind");
