/** Who is here: those in charge first, then who has voice, then all others; those who are away are paler. */

import { Component, html } from "./vendor/preact-htm.js";
import { colourOf } from "./colours.js";
import { icon } from "./icons.js";

const ORDER = { founder: 0, op: 1, voice: 2 };
const SHOWN_AS = { voice: "voiced" };
const SHOWN = 300;

export class People extends Component {
  /** A thousand people are drawn again only when one of them changes. */
  shouldComponentUpdate({ place, version, nick }) {
    return place !== this.props.place || version !== this.props.version || nick !== this.props.nick;
  }

  render({ chat, place }) {
    const people = [...place.people.values()].sort(
      (a, b) => (ORDER[a.rank] ?? 3) - (ORDER[b.rank] ?? 3) || a.nick.localeCompare(b.nick),
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

function Person({ person: { nick, rank, away, account }, chat }) {
  const own = chat.talk.isOwn(nick);
  return html`<li class=${away ? "is-away" : ""}>
    <button class="person" disabled=${own} title=${own ? "" : `Write to ${nick} in private`} onClick=${() => chat.openPrivate(nick)}>
      <span class=${colourOf(nick)}>${nick}</span>
      ${account && html`<span class="note account" title="Logged in: the name is theirs">${icon("check")}<span class="away-from-eyes">logged in</span></span>`}
      ${own && html`<span class="note">you</span>`}
      ${rank && html`<span class="note rank">${SHOWN_AS[rank] || rank}</span>`}
      ${away && html`<span class="note">away</span>`}
    </button>
    ${!own && html`<button class="quiet about" aria-label=${`More about ${nick}`} title="More" onClick=${() => chat.toggle("person", nick)}>${icon("more")}</button>`}
  </li>`;
}
