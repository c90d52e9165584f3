/** Looking for what was said, page by page. */

export class Finding {
  constructor(chat) {
    this.chat = chat;
    this.clear();
  }

  clear() {
    Object.assign(this, { words: "", what: "", found: [], before: 0, complaint: "", busy: false });
  }

  async find(words, before = 0) {
    const { chat } = this;
    chat.open = "search";
    if (!before) Object.assign(this, { words, what: "search", found: [] });
    Object.assign(this, { busy: true, complaint: "" });
    chat.changed();
    const page = await chat.link.ask({ op: "search", words: before ? `${words} before:${before}` : words });
    this.busy = false;
    if (!page) this.complaint = "There is no connection just now. Search again when it is back.";
    else if (page.event === "refused") this.complaint = page.text;
    else this.take(page);
    chat.changed();
  }

  /** Shows what a typed /history, /missed or /mentions has found. */
  show(page) {
    this.chat.open = "search";
    Object.assign(this, { words: "", found: [], complaint: "" });
    this.take(page);
    this.chat.changed();
  }

  take(page) {
    this.what = page.what;
    this.before = page.before || 0;
    const { gone } = this.chat.talk;
    this.found = [...this.found, ...page.events.filter(({ id }) => !gone.has(id)).reverse()];
  }

  async more() {
    if (this.what === "search") return this.find(this.words, this.before);
    const page = await this.chat.link.ask({ op: this.what, before: String(this.before) });
    if (page?.event === "history") this.take(page);
    this.chat.changed();
  }
}
