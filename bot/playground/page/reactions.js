// Reactions under a message, and the picker with which one reacts, replies, forwards and deletes.

import { byId, element } from "./elements.js";

const OFFERED = ["👍", "👎", "❤", "🔥"];
const NAMES = { "👍": "thumbs up", "👎": "thumbs down", "❤": "heart", "🔥": "fire" };
const GAP = 8;

// Telegram's heart has no "show this as a picture" sign; fonts want one.
const pictured = (emoji) => (emoji === "❤" ? "❤\ufe0f" : emoji);
const named = (emoji) => NAMES[emoji] ?? emoji;

export const myReaction = (message, me) => message.reactions?.find(({ user_ids }) => user_ids.includes(me))?.emoji ?? null;

// Each emoji once with its count; a press adds the reader's own or takes it back. `react(message, emoji)` with null for none.
export function reactionRow(message, { me, react }) {
  if (!message.reactions) return null;
  const made = message.reactions.map(({ emoji, user_ids }) => {
    const mine = user_ids.includes(me);
    const words = `${named(emoji)}, ${user_ids.length === 1 ? "1 reaction" : `${user_ids.length} reactions`}`;
    const onclick = () => react(message, mine ? null : emoji);
    const attributes = { type: "button", class: "reaction", "aria-pressed": String(mine), "aria-label": words, onclick };
    return element("button", attributes, element("span", {}, pictured(emoji)), String(user_ids.length));
  });
  return element("div", { class: "reactions" }, ...made);
}

// Opens beside a bubble. `actions` are { words: act } below the emoji.
export function openPicker(bubble, { chosen, react, actions }) {
  const picker = byId("picker");
  const close = () => picker.hidePopover();
  const emoji = OFFERED.map((offered) => {
    const mine = offered === chosen;
    const onclick = () => {
      close();
      react(mine ? null : offered);
    };
    const words = mine ? `Take back ${named(offered)}` : `React with ${named(offered)}`;
    return element("button", { type: "button", "aria-pressed": String(mine), "aria-label": words, title: words, onclick }, pictured(offered));
  });
  const others = Object.entries(actions).map(([words, act]) => {
    const onclick = () => {
      close();
      act();
    };
    return element("button", { type: "button", onclick }, words);
  });
  picker.replaceChildren(element("div", { class: "picker-emoji" }, ...emoji), element("div", { class: "picker-acts" }, ...others));
  picker.showPopover();
  place(picker, bubble.getBoundingClientRect());
  emoji[0].focus();
}

// Above the bubble where there is room, else below its top; never out of the window.
function place(picker, beside) {
  const { width, height } = picker.getBoundingClientRect();
  const left = Math.min(beside.left, innerWidth - width - GAP);
  const above = beside.top - height - GAP;
  const top = above > GAP ? above : Math.min(Math.max(beside.top, 0) + GAP, innerHeight - height - GAP);
  picker.style.left = `${Math.max(left, GAP)}px`;
  picker.style.top = `${top}px`;
}
