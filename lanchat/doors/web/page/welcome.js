/** The first thing that one sees: pick a name, and say the password of what is registered. */

import { Component, html } from "./vendor/preact-htm.js";
import { Body } from "./body.js";
import { same } from "./names.js";
import { lastName } from "./settings.js";

export class Welcome extends Component {
  box = { current: null };
  secret = { current: null };
  keep = { current: null };

  componentDidMount() {
    this.box.current.focus();
  }

  /** A password is asked for, or was wrong: that is where one types. */
  componentDidUpdate() {
    const { wants, complaint } = this.props.chat.entrance;
    const asked = wants + complaint;
    if (asked !== this.asked) (this.secret.current || this.box.current).focus();
    this.asked = asked;
  }

  enter = (event) => {
    event.preventDefault();
    const { chat } = this.props;
    const nick = this.box.current.value.trim();
    const secret = this.secret.current?.value || "";
    if (!nick) return this.box.current.focus();
    chat.link.keep = !!this.keep.current?.checked;
    chat.enter(nick, { [chat.entrance.wants]: secret });
    if (secret) this.secret.current.value = "";
  };

  /** Another name than the registered one may be nobody's. */
  named = (event) => {
    const { chat } = this.props;
    if (chat.entrance.wants === "password" && chat.entrance.complaint && !same(event.target.value, lastName.get())) chat.entrance.want("");
  };

  render({ chat }) {
    const { entrance, link } = chat;
    const { complaint, another, wants, elsewhere } = entrance;
    const busy = link.state === "coming" || link.state === "down";
    const account = wants === "password";
    return html`<main class="welcome">
      <form onSubmit=${this.enter} aria-busy=${busy}>
        <h1>lanchat</h1>
        <p>The chat of the network you are on. Nothing leaves it.</p>
        <label for="name">Your name</label>
        <div class="name-row">
          <input id="name" ref=${this.box} defaultValue=${lastName.get()} autocomplete=${account ? "username" : "nickname"} autocapitalize="off" spellcheck=${false}
            maxlength="64" required enterkeyhint="go" aria-describedby="complaint" aria-invalid=${!!complaint} onInput=${this.named} />
          ${!wants && html`<button class="primary" disabled=${link.state === "coming"}>Join</button>`}
        </div>
        ${wants &&
        html`<label for="secret">${account ? "Password" : "Password of this server"}</label>
          <div class="name-row" key=${wants}>
            <input id="secret" type="password" ref=${this.secret} autocomplete=${account ? "current-password" : "off"} maxlength="1024" required enterkeyhint="go" aria-describedby="complaint" />
            <button class="primary" disabled=${link.state === "coming"}>${account ? "Log in" : "Join"}</button>
          </div>`}
        ${account && html`<label class="choice"><input type="checkbox" ref=${this.keep} defaultChecked=${link.keep} /> Keep me logged in on this device</label>`}
        <div id="complaint" role="alert">
          ${complaint && html`<p class="complaint">${complaint}</p>`}
          ${link.state === "down" && html`<p class="complaint">The server does not answer. Trying again…</p>`}
        </div>
        ${elsewhere && html`<p role="status"><${Body} text=${elsewhere} /></p>`}
        ${another && html`<button type="button" class="offer" onClick=${() => chat.enter(another)}>Join as ${another}</button>`}
        <p>${wants ? html`<button type="button" class="act" onClick=${() => entrance.want("")}>Come in as a guest</button>` : ""}
          ${account ? "" : html`<button type="button" class="act" onClick=${() => entrance.want("password")}>Log in with a password</button>`}</p>
      </form>
    </main>`;
  }
}
