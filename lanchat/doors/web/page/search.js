/** What was found of what was said; each result leads to its place. */

import { Component, html } from "./vendor/preact-htm.js";
import { colourOf } from "./colours.js";
import { icon } from "./icons.js";
import { beginning } from "./text.js";
import { clock, shortDay } from "./times.js";

const TITLES = { search: "Search", history: "History", missed: "What you missed", mentions: "Where you were named" };
const NOTHING = { missed: "You missed nothing.", mentions: "Nobody named you in your rooms.", search: "Nothing was found." };

export class SearchPanel extends Component {
  box = { current: null };

  componentDidMount() {
    this.box.current.focus();
    this.box.current.value = this.props.chat.search.words;
  }

  find = (event) => {
    event.preventDefault();
    const words = this.box.current.value.trim();
    if (words) this.props.chat.search.find(words);
  };

  render({ chat }) {
    const { what, found, before, complaint, busy } = chat.search;
    return html`<aside class="search" aria-label="Search" onKeyDown=${(event) => event.key === "Escape" && chat.toggle("search")}>
      <h2>${TITLES[what] || "Search"}
        <button class="quiet" aria-label="Close search" onClick=${() => chat.toggle("search")}>${icon("close")}</button></h2>
      <form role="search" onSubmit=${this.find}>
        <label class="away-from-eyes" for="words">Words to look for</label>
        <input id="words" type="search" ref=${this.box} placeholder="exam nin* from:bob in:#dev" enterkeyhint="search" autocomplete="off" />
        <button class="primary">Search</button>
      </form>
      <p class="note"><button class="act" onClick=${() => chat.link.send({ op: "mentions" }, chat.talk.view, "/mentions")}>Where you were named</button>
        <button class="act" onClick=${() => chat.link.send({ op: "missed" }, chat.talk.view, "/missed")}>What you missed</button></p>
      <div role="status" class="outcome">${busy ? "Searching…" : complaint || (what && !found.length ? NOTHING[what] || "There is nothing to show." : "")}</div>
      <ol>
        ${found.map(
          (event) => html`<li key=${event.id}><button onClick=${() => chat.jump(event)}>
            <span class="where"><span class=${colourOf(event.nick)}>${event.nick}</span> ${event.room || `to ${event.to}`}
              <time datetime=${event.time}>${shortDay(new Date(event.time))}, ${clock(new Date(event.time))}</time></span>
            <span class="text">${beginning(event.text || `sent ${event.name}`)}</span></button></li>`,
        )}
      </ol>
      ${before > 0 && html`<button class="act" onClick=${() => chat.search.more()}>Show older ones</button>`}
    </aside>`;
  }
}
