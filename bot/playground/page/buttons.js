// The inline keyboard under a message.

import { element, link } from "./elements.js";
import { showAlert, showToast } from "./notices.js";

// `press(message, data)` returns a promise of the bot's answer, of null where it gave none.
export function keyboard(message, press) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (rows.length === 0) return null;
  const made = rows.map((row) => element("div", { class: "key-row" }, ...row.map((button) => key(message, button, press))));
  return element("div", { class: "keyboard" }, ...made);
}

function key(message, button, press) {
  if (button.url !== undefined) {
    const made = link(button.url, button.text, element("span", { class: "key-sign", "aria-hidden": "true" }, "↗"));
    made.classList.add("key");
    return made;
  }
  const made = element("button", { type: "button", class: "key" }, button.text);
  if (button.callback_data !== undefined) made.addEventListener("click", () => pressed(made, () => press(message, button.callback_data)));
  else if (button.copy_text) made.addEventListener("click", () => copied(button.copy_text.text));
  else made.disabled = true;
  return made;
}

async function pressed(made, press) {
  if (made.classList.contains("waiting")) return;
  made.classList.add("waiting");
  made.setAttribute("aria-busy", "true");
  try {
    const answer = await press();
    if (answer?.text) (answer.show_alert ? showAlert : showToast)(answer.text);
    if (answer?.url) showToast(`The bot opens ${answer.url}`);
    if (answer === null) showToast("The bot has not answered.");
  } catch (error) {
    showToast(error.message);
  } finally {
    made.classList.remove("waiting");
    made.removeAttribute("aria-busy");
  }
}

async function copied(text) {
  await navigator.clipboard.writeText(text).then(
    () => showToast("Copied"),
    () => showToast("This browser does not let the page copy."),
  );
}
