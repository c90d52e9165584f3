/** Somebody who is here: who they are, and what one may do about them. */

import { html } from "./vendor/preact-htm.js";
import { Asking, Dialog } from "./dialogs.js";
import { fold } from "./names.js";
import { sentence } from "./wording.js";

const SPANS = [["", "for good"], ["10m", "for 10 minutes"], ["1h", "for an hour"], ["1d", "for a day"], ["7d", "for a week"]];
/** What is done, how it is called, and whom it is for: those with this rank, those without. */
const RANKS = [
  ["op", "Make an op", (rank) => rank !== "op"],
  ["deop", "Take op away", (rank) => rank === "op"],
  ["voice", "Give voice", (rank) => !rank],
  ["devoice", "Take voice away", (rank) => rank === "voice"],
];

export class PersonDialog extends Asking {
  state = { complaint: "", busy: false, who: "" };
  reason = { current: null };
  span = { current: null };

  async componentDidMount() {
    const { chat, nick } = this.props;
    const reply = await chat.deed({ op: "whois", nick });
    this.setState({ who: reply.event === "whois" ? sentence(reply) : reply.text });
  }

  /** Does something by which a reason is told, and how long it holds where it has an end. */
  against(op) {
    const { nick, place } = this.props;
    const reason = this.reason.current.value.trim();
    if (op === "kick") return this.ask({ op, room: place.name, nick, reason });
    return this.ask({ op, room: place.name, whom: nick, ...(op.startsWith("un") ? {} : { time: this.span.current.value, reason }) });
  }

  render({ chat, nick, place }, { busy, who }) {
    const { talk } = chat;
    const rank = place.people.get(fold(nick))?.rank || "";
    const governs = talk.governs(place) && place.has(nick) && (rank !== "founder" || talk.admin || talk.rankIn(place) === "founder");
    const button = (op, label, deed) => talk.may(op) && html`<button type="button" disabled=${busy} onClick=${deed}>${label}</button>`;
    return html`<${Dialog} chat=${chat} title=${nick}>
      <p role="status">${who}</p>
      <p class="deeds">
        <button onClick=${() => chat.openPrivate(nick)}>Write in private</button>
        ${button("ignore", "Ignore", () => this.ask({ op: "ignore", nick }))}
        ${button("unignore", "Hear again", () => this.ask({ op: "unignore", nick }))}
      </p>
      ${governs &&
      html`<h3>In ${place.name}</h3>
        <p class="deeds">${RANKS.map(([op, label, fits]) => fits(rank) && button(op, label, () => this.ask({ op, room: place.name, nick })))}</p>
        <div class="fields">
          <label for="reason">Reason, for all to see</label>
          <input id="reason" ref=${this.reason} maxlength="390" autocomplete="off" />
          <label for="span">Ban and mute hold</label>
          <select id="span" ref=${this.span}>${SPANS.map(([value, label]) => html`<option value=${value}>${label}</option>`)}</select>
        </div>
        <p class="deeds">
          ${button("mute", "Mute", () => this.against("mute"))}
          ${button("unmute", "Unmute", () => this.against("unmute"))}
          ${button("kick", "Remove", () => this.against("kick"))}
          ${button("ban", "Ban", () => this.against("ban"))}
        </p>`}
      ${this.complaint}
    <//>`;
  }
}
