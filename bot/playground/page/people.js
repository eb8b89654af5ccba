// The people of a group or channel: as which of them the reader acts, and who may do what.

import { chatId, givenActor, isPrivate, remember } from "./address.js";
import * as api from "./api.js";
import { showChips } from "./chips.js";
import { byId, element } from "./elements.js";
import { showToast } from "./notices.js";

const ROLES = { creator: "Owner", administrator: "Administrator", member: "Member", left: "Gone" };
const BOT_ROLES = { administrator: "Administrator", member: "Member", kicked: "Removed" };
const SIGNS = { creator: " ★", administrator: " ☆" };

export class People {
  #members = [];
  #channel = false;
  #me = isPrivate ? chatId : (givenActor ?? 1);
  #changed;

  // `changed()` is called when the reader acts as somebody else, or somebody's role is another one.
  constructor(changed) {
    this.#changed = changed;
    byId("people-open").addEventListener("click", () => this.#open());
    byId("person-new").addEventListener("submit", (event) => this.#add(event));
  }

  get me() {
    return this.#me;
  }

  // Who acts, as the user side of the playground wants to know it.
  get acting() {
    return { language_code: api.language, ...(isPrivate ? {} : { user_id: this.#me }) };
  }

  get count() {
    return this.#present().length;
  }

  get iLead() {
    return ["creator", "administrator"].includes(this.#roleOf(this.#me));
  }

  // Whether a message shows that somebody is here who was not, the bot too.
  isNew({ from, new_chat_members: added }) {
    return !isPrivate && (Boolean(added) || (from && !from.is_bot && !this.#members.some(({ user }) => user.id === from.id)));
  }

  async load({ channel }) {
    if (isPrivate) return;
    this.#channel = channel;
    this.#members = await api.listPeople(chatId);
    if (this.#members.length && !this.#present().some(({ user }) => user.id === this.#me)) this.#me = this.#present()[0]?.user.id ?? 1;
    this.#show();
  }

  #roleOf(userId) {
    return this.#members.find(({ user }) => user.id === userId)?.status;
  }

  #present() {
    return this.#members.filter(({ user, status }) => !user.is_bot && !["left", "kicked"].includes(status));
  }

  #show() {
    byId("people-open").hidden = this.#members.length === 0;
    if (this.#members.length === 0) return;
    const choices = this.#present().map(({ user, status }) => ({
      value: user.id,
      words: user.first_name + (SIGNS[status] ?? ""),
      hint: `Act as ${user.first_name}, ${ROLES[status].toLowerCase()}`,
    }));
    const add = () => this.#open();
    showChips(byId("actors"), { choices, chosen: this.#me, choose: (id) => this.#become(id), add, addWords: "Add people and change roles" });
  }

  #become(userId) {
    this.#me = userId;
    remember("as", userId);
    this.#changed();
  }

  #open() {
    this.#list();
    byId("people-panel").showModal();
  }

  #list() {
    byId("people").replaceChildren(...this.#members.map((one) => this.#row(one)));
  }

  #row({ user, status, is_anonymous: isAnonymous }) {
    const roles = user.is_bot ? this.#botRoles() : ROLES;
    const options = Object.entries(roles).map(([role, words]) => element("option", { value: role, selected: role === status }, words));
    const onchange = (event) => this.#setRole(user, event.target.value);
    const choice = element("select", { "aria-label": `Role of ${user.first_name}`, onchange }, ...options);
    const leads = !user.is_bot && !this.#channel && ["creator", "administrator"].includes(status);
    const name = element("span", { class: "people-name" }, user.first_name);
    return element("li", {}, element("div", { class: "people-words" }, name, leads ? this.#mask(user, isAnonymous) : null), choice);
  }

  #botRoles() {
    const { member, ...inChannels } = BOT_ROLES;
    return this.#channel ? inChannels : BOT_ROLES;
  }

  #mask(user, isAnonymous) {
    const onchange = (event) => this.#seat({ user_id: user.id, anonymous: event.target.checked });
    const words = `${user.first_name} writes anonymously`;
    const box = element("input", { type: "checkbox", checked: Boolean(isAnonymous), "aria-label": words, onchange });
    return element("label", { class: "mask", title: words }, box, "anonymous");
  }

  #setRole(user, role) {
    if (!user.is_bot) return this.#seat({ user_id: user.id, role });
    if (role === "kicked") return this.#act(() => api.block(chatId, this.acting));
    const back = this.#roleOf(user.id);
    return this.#act(async () => {
      if (back === "kicked" || back === "left") await api.addBot(chatId, this.acting);
      if (!this.#channel) await api.seat(chatId, { user_id: user.id, role });
    });
  }

  #add(event) {
    event.preventDefault();
    const name = byId("person-name").value.trim();
    if (!name) return;
    byId("person-name").value = "";
    const unused = Math.max(...this.#members.filter(({ user }) => !user.is_bot).map(({ user }) => user.id)) + 1;
    this.#seat({ user_id: unused, first_name: name, role: "member" });
  }

  #seat(fields) {
    return this.#act(() => api.seat(chatId, fields));
  }

  async #act(act) {
    try {
      await act();
      await this.load({ channel: this.#channel });
      this.#changed();
    } catch (error) {
      showToast(error.message);
    }
    this.#list();
  }
}
