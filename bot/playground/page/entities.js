// A text and its entities as DOM nodes. Offsets count UTF-16 code units, as JavaScript's strings do.

import { element, likeButton, link } from "./elements.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

export function formatted(text, entities = [], onCommand = () => {}) {
  const sorted = [...entities].sort((one, other) => one.offset - other.offset || other.length - one.length);
  return nodes({ text, onCommand }, sorted, 0, text.length);
}

function nodes(context, entities, start, end) {
  const made = document.createDocumentFragment();
  let at = start;
  for (let place = 0; place < entities.length; ) {
    const entity = entities[place];
    const stop = Math.min(entity.offset + entity.length, end);
    let next = place + 1;
    while (next < entities.length && entities[next].offset < stop) next += 1;
    made.append(between(context.text, at, entity.offset, made.lastChild));
    const inner = nodes(context, entities.slice(place + 1, next), entity.offset, stop);
    made.append(wrapped(context, entity, inner, context.text.slice(entity.offset, stop)));
    at = stop;
    place = next;
  }
  made.append(between(context.text, at, end, made.lastChild));
  return made;
}

// A quote or code block ends its line by itself: the line break after it would be an empty line.
function between(text, start, end, before) {
  const afterBlock = before?.nodeName === "BLOCKQUOTE" || before?.nodeName === "PRE";
  return text.slice(afterBlock && text[start] === "\n" && start < end ? start + 1 : start, end);
}

function wrapped(context, entity, inner, text) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, inner);
    case "url":
      return link(text, inner);
    case "email":
      return link(`mailto:${text}`, inner);
    case "pre":
      return element("pre", { "data-language": entity.language }, element("code", {}, inner));
    case "blockquote":
      return element("blockquote", {}, inner);
    case "expandable_blockquote":
      return quote(inner);
    case "spoiler":
      return spoiler(inner);
    case "bot_command":
      return element("button", { type: "button", class: "command", onclick: () => context.onCommand(text) }, inner);
    case "mention":
    case "hashtag":
    case "cashtag":
    case "text_mention":
      return element("span", { class: "mention" }, inner);
    default:
      return TAGS[entity.type] ? element(TAGS[entity.type], {}, inner) : inner;
  }
}

// Folded to three lines until it is opened; `unfoldShort` takes the folding from one that needs none.
function quote(inner) {
  const made = element("blockquote", { class: "expandable folded", "aria-expanded": "false" }, element("div", {}, inner));
  return likeButton(made, () => {
    if (!made.classList.contains("expandable") || String(getSelection()) !== "") return;
    made.setAttribute("aria-expanded", String(!made.classList.toggle("folded")));
  });
}

function spoiler(inner) {
  const made = element("span", { class: "spoiler", "aria-label": "Spoiler, press to show" }, inner);
  return likeButton(made, () => {
    made.classList.add("shown");
    made.removeAttribute("aria-label");
  });
}

// Takes the folding from quotes that need none. Call it when the message is on the page and has its width.
export function unfoldShort(root) {
  for (const made of root.querySelectorAll("blockquote.expandable.folded")) {
    const inside = made.firstElementChild;
    if (inside.scrollHeight > inside.clientHeight + 2) continue;
    made.classList.remove("expandable", "folded");
    for (const name of ["tabindex", "role", "aria-expanded"]) made.removeAttribute(name);
  }
}
