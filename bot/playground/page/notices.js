// Short words to the reader: a toast that goes by itself, an alert that waits for OK.

import { byId, element } from "./elements.js";

const TOAST_MS = 3500;

export function showToast(words) {
  const toast = element("p", { class: "toast" }, words);
  byId("toasts").replaceChildren(toast);
  setTimeout(() => toast.remove(), TOAST_MS);
}

export function showAlert(words) {
  byId("alert-words").textContent = words;
  if (!byId("alert").open) byId("alert").showModal();
}
