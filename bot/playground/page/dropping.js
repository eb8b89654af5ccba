// Files dragged from the desktop onto the chat.

import { byId } from "./elements.js";

// `attach(files)` is called with what was dropped.
export function takeDrops(attach) {
  const area = byId("app");
  const isOfFiles = (event) => event.dataTransfer?.types.includes("Files");
  const show = (shown) => (byId("drop").hidden = !shown);
  area.addEventListener("dragover", (event) => {
    if (!isOfFiles(event)) return;
    event.preventDefault();
    show(true);
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) show(false);
  });
  area.addEventListener("drop", (event) => {
    if (!isOfFiles(event)) return;
    event.preventDefault();
    show(false);
    attach([...event.dataTransfer.files]);
  });
}
