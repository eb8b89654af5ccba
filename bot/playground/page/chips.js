// A row of choices of which one is taken, and a button to make another one.

import { element } from "./elements.js";

// `choices` are { value, words, hint }; `choose(value)` and `add` are called when they are used.
export function showChips(row, { choices, chosen, choose, add, addWords }) {
  const chips = choices.map(({ value, words, hint }) => {
    const onchange = () => choose(value);
    const input = element("input", { type: "radio", name: row.id, class: "sr-only", checked: value === chosen, onchange });
    return element("label", { class: "chip", title: hint }, input, element("span", {}, words));
  });
  const more = element("button", { type: "button", class: "chip chip-add", "aria-label": addWords, title: addWords, onclick: add }, "+");
  row.replaceChildren(row.querySelector("legend"), ...chips, more);
  row.hidden = false;
  row.querySelector("input:checked")?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
}
