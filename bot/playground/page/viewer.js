// Photos at their full size, over the page.

import { byId, element } from "./elements.js";

// Returns a button around a photo that shows it large.
export function viewable(photo) {
  const onclick = () => {
    byId("viewer-photo").src = photo.src;
    byId("viewer-photo").alt = photo.alt;
    byId("viewer").showModal();
  };
  return element("button", { type: "button", class: "photo-button", "aria-label": `Open the photo: ${photo.alt}`, onclick }, photo);
}
