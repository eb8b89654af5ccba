// Stays at the newest message unless the reader scrolled up; then a button counts what came and leads down.

import { byId } from "./elements.js";

const NEAR = 80;

export class Scrolling {
  #area = byId("scroll");
  #jump = byId("jump");
  #count = byId("unread");
  #unread = 0;
  #following = true;
  #top = 0;

  constructor() {
    this.#area.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    this.#jump.addEventListener("click", () => this.toEnd());
    // Keyboards on phones, opened quotes and loaded pictures change heights: keep to the end where it was shown.
    const keeper = new ResizeObserver(() => this.#following && this.toEnd("instant"));
    keeper.observe(this.#area);
    keeper.observe(byId("log"));
    this.#area.addEventListener("load", () => this.#following && this.toEnd("instant"), true);
  }

  // Call after a message was added.
  added({ mine }) {
    if (mine || this.#following) return this.toEnd();
    this.#unread += 1;
    this.#show();
  }

  // Call after the end moved without a new message.
  grown() {
    if (this.#following) this.toEnd();
  }

  toEnd(behavior = "smooth") {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#following = true;
    this.#area.scrollTo({ top: this.#area.scrollHeight, behavior: still ? "instant" : behavior });
  }

  #onScroll() {
    const left = this.#area.scrollHeight - this.#area.scrollTop - this.#area.clientHeight;
    // A smooth scroll passes here many times on its way: only a scroll upwards is the reader's.
    this.#following = left < NEAR || (this.#following && this.#area.scrollTop >= this.#top);
    this.#top = this.#area.scrollTop;
    if (this.#following) this.#unread = 0;
    this.#show();
  }

  #show() {
    this.#jump.hidden = this.#following;
    this.#count.hidden = this.#unread === 0;
    this.#count.textContent = String(this.#unread);
  }
}
