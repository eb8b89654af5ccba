// Elements without markup: text always becomes a text node, so nothing in a message can turn into HTML.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);

// Makes an element that is no button work like one, also by keyboard.
export function likeButton(made, act) {
  made.tabIndex = 0;
  made.setAttribute("role", "button");
  made.addEventListener("click", (event) => {
    if (!event.target.closest("a")) act();
  });
  made.addEventListener("keydown", (event) => {
    if (event.target !== made || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    act();
  });
  return made;
}

const LINKS = new Set(["http:", "https:", "tg:", "mailto:", "ftp:"]);

// A link that opens elsewhere; an address that is not for opening becomes plain text.
export function link(address, ...children) {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `http://${address}`;
  const allowed = URL.canParse(full) && LINKS.has(new URL(full).protocol);
  if (!allowed) return element("span", {}, ...children);
  return element("a", { href: full, target: "_blank", rel: "noopener noreferrer" }, ...children);
}
