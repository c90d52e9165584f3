/** Who is here: ops first, then who has voice, then all others; those who are away are paler. */

import { Component, html } from "./vendor/preact-htm.js";
import { colourOf } from "./colours.js";
import { icon } from "./icons.js";

const ORDER = { op: 0, voice: 1 };
const SHOWN = 300;

export class People extends Component {
  /** A thousand people are drawn again only when one of them changes. */
  shouldComponentUpdate({ place, version, nick }) {
    return place !== this.props.place || version !== this.props.version || nick !== this.props.nick;
  }

  render({ chat, place }) {
    const people = [...place.people.values()].sort(
      (a, b) => (ORDER[a.rank] ?? 2) - (ORDER[b.rank] ?? 2) || a.nick.localeCompare(b.nick),
    );
    return html`<aside class="people" id="people" aria-label=${`Who is in ${place.name}`}>
      <h2>${people.length === 1 ? "1 person" : `${people.length} people`}
        <button class="quiet only-narrow" aria-label="Close the list of people" onClick=${() => chat.toggle("people")}>${icon("close")}</button></h2>
      <ul>
        ${people.slice(0, SHOWN).map((person) => html`<${Person} key=${person.nick} person=${person} chat=${chat} />`)}
        ${people.length > SHOWN && html`<li class="more">and ${people.length - SHOWN} more</li>`}
      </ul>
    </aside>`;
  }
}

function Person({ person: { nick, rank, away }, chat }) {
  const own = chat.talk.isOwn(nick);
  return html`<li class=${away ? "is-away" : ""}>
    <button disabled=${own} title=${own ? "" : `Write to ${nick} in private`} onClick=${() => chat.openPrivate(nick)}>
      <span class=${colourOf(nick)}>${nick}</span>
      ${own && html`<span class="note">you</span>`}
      ${rank && html`<span class="note rank">${rank}</span>`}
      ${away && html`<span class="note">away</span>`}
    </button>
  </li>`;
}
