/** Asks before a message is taken away from everybody. */

import { html } from "./vendor/preact-htm.js";
import { Asking, Dialog } from "./dialogs.js";
import { beginning } from "./text.js";

export class Deletion extends Asking {
  yes = { current: null };
  reason = { current: null };

  componentDidMount() {
    this.yes.current.focus();
  }

  send = async (event) => {
    event.preventDefault();
    const { chat, line, place } = this.props;
    const reason = this.reason.current?.value.trim() || "";
    const room = place.isPrivate ? "" : place.name;
    await this.ask({ op: "delete", room, which: String(line.id), reason });
    chat.changed();
  };

  render({ chat, line, place }, { busy }) {
    return html`<${Dialog} chat=${chat} title="Delete this message?">
      <blockquote><span class="note">${line.nick}</span> ${beginning(line.text).slice(0, 300)}</blockquote>
      <p class="note">It goes away for everybody, out of the history and the search, too.</p>
      <form class="fields" onSubmit=${this.send}>
        ${!line.own && !place.isPrivate && html`<label for="reason">Reason, for all to see</label><input id="reason" ref=${this.reason} maxlength="390" autocomplete="off" />`}
        ${this.complaint}
        <p class="deeds"><button ref=${this.yes} class="primary" disabled=${busy}>Delete</button>
          <button type="button" onClick=${() => chat.toggle("delete")}>Keep it</button></p>
      </form>
    <//>`;
  }
}
