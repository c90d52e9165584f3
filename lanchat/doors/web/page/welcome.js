/** The first thing that one sees: pick a name. */

import { Component, html } from "./vendor/preact-htm.js";

export class Welcome extends Component {
  box = { current: null };

  componentDidMount() {
    this.box.current.focus();
  }

  enter = (event) => {
    event.preventDefault();
    const nick = this.box.current.value.trim();
    if (nick) this.props.chat.enter(nick);
    else this.box.current.focus();
  };

  render({ chat }) {
    const { complaint, another, link } = chat;
    const busy = link.state === "coming" || link.state === "down";
    return html`<main class="welcome">
      <form onSubmit=${this.enter} aria-busy=${busy}>
        <h1>lanchat</h1>
        <p>The chat of the network you are on. Nothing leaves it.</p>
        <label for="name">Your name</label>
        <div class="name-row">
          <input id="name" ref=${this.box} defaultValue=${chat.name} autocomplete="nickname" autocapitalize="off" spellcheck=${false}
            maxlength="64" required enterkeyhint="go" aria-describedby="complaint" aria-invalid=${!!complaint} />
          <button class="primary" disabled=${link.state === "coming"}>Join</button>
        </div>
        <div id="complaint" role="alert">
          ${complaint && html`<p class="complaint">${complaint}</p>`}
          ${link.state === "down" && html`<p class="complaint">The server does not answer. Trying again…</p>`}
        </div>
        ${another && html`<button type="button" class="offer" onClick=${() => chat.enter(another)}>Join as ${another}</button>`}
      </form>
    </main>`;
  }
}
