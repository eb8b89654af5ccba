// Answers to pressed buttons. They come by the stream of the chat, maybe before the press itself is confirmed.

const WAIT_MS = 15000;

export class Answers {
  #waiting = new Map(); // callback_query_id -> resolve
  #early = new Map(); // callback_query_id -> answer

  tell(answer) {
    const resolve = this.#waiting.get(answer.callback_query_id);
    if (resolve) resolve(answer);
    else this.#early.set(answer.callback_query_id, answer);
  }

  // Resolves to the bot's answer, or to null where none came in time.
  async to(queryId) {
    const early = this.#early.get(queryId);
    this.#early.clear();
    if (early) return early;
    const answer = await new Promise((resolve) => {
      this.#waiting.set(queryId, resolve);
      setTimeout(() => resolve(null), WAIT_MS);
    });
    this.#waiting.delete(queryId);
    return answer;
  }
}
