/** The text of a message: links, code, long texts folded. */

import { Component, html } from "./vendor/preact-htm.js";
import { beginning, isLong, pieces } from "./text.js";

export class Body extends Component {
  render({ text }, { whole }) {
    const long = isLong(text);
    const shown = long && !whole ? beginning(text) : text;
    return html`<span class="text">${pieces(shown).map(piece)}</span>
      ${long &&
      html`<button class="fold" aria-expanded=${!!whole} onClick=${() => this.setState({ whole: !whole })}>
        ${whole ? "Show less" : `Show all (${text.split("\n").length} lines)`}
      </button>`}`;
  }
}

function piece({ kind, text }) {
  if (kind === "link") return html`<a href=${text} target="_blank" rel="noopener noreferrer">${text}</a>`;
  if (kind === "code") return html`<code>${text}</code>`;
  if (kind === "block") return html`<pre tabindex="0"><code>${text}</code></pre>`;
  return text;
}
