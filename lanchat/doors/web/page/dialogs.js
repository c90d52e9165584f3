/** What opens above the page: other rooms to join, and what a person may set; here is the frame of all dialogs. */

import { Component, html } from "./vendor/preact-htm.js";
import { mayAskToNotify, notifies, prepareSound, sound } from "./alerts.js";
import { icon } from "./icons.js";
import { settings } from "./settings.js";

export class Dialog extends Component {
  dialog = { current: null };

  componentDidMount() {
    this.before = document.activeElement;
    this.dialog.current.showModal();
  }

  /** Goes back to where one was, or to the box if that is gone or hidden; while one is elsewhere by now, nowhere. */
  componentWillUnmount() {
    const back = () => {
      const lost = () => !document.activeElement || document.activeElement === document.body;
      if (lost()) this.before?.focus();
      if (lost() && matchMedia("(hover: hover)").matches) document.getElementById("box")?.focus();
    };
    requestAnimationFrame(back);
  }

  render({ chat, title, children }) {
    const close = () => {
      chat.open = "";
      chat.changed();
    };
    return html`<dialog ref=${this.dialog} aria-label=${title} onClose=${close} onClick=${(event) => event.target === event.currentTarget && close()}>
      <div class="inside"><h2>${title}
        <button class="quiet" aria-label="Close" onClick=${close}>${icon("close")}</button></h2>
      ${children}</div>
    </dialog>`;
  }
}

/** A dialog that asks the server for something, and says why that cannot be. */
export class Asking extends Component {
  state = { complaint: "", busy: false };

  /** Does one thing after another, and closes when all is done; says whether it was. */
  async ask(...ops) {
    const { chat } = this.props;
    const { open, about } = chat;
    this.setState({ complaint: "", busy: true });
    for (const op of ops) {
      const { event, text } = await chat.deed(op);
      if (event === "refused") {
        this.setState({ complaint: text, busy: false });
        return false;
      }
      if (event === "notice") chat.talk.say(text);
    }
    if (chat.open === open && chat.about === about) chat.toggle(open);
    return true;
  }

  get complaint() {
    return html`<p class="complaint" role="alert">${this.state.complaint}</p>`;
  }
}

/** The rooms that there are, and a box for one that there is not yet. */
export class JoinRoom extends Component {
  box = { current: null };
  state = { rooms: null, more: 0 };

  async componentDidMount() {
    this.box.current.focus();
    const reply = await this.props.chat.link.ask({ op: "rooms" });
    if (reply?.event === "rooms") this.setState({ rooms: reply.rooms, more: reply.more || 0 });
  }

  join = (event) => {
    event.preventDefault();
    const typed = this.box.current.value.trim();
    if (typed) this.props.chat.join(typed.startsWith("#") ? typed : `#${typed}`);
  };

  render({ chat }, { rooms, more }) {
    return html`<${Dialog} chat=${chat} title="Join a room">
      <form class="name-row" onSubmit=${this.join}>
        <label class="away-from-eyes" for="room-name">Name of the room</label>
        <input id="room-name" ref=${this.box} placeholder="#dev" autocomplete="off" autocapitalize="off" spellcheck=${false} enterkeyhint="go" />
        <button class="primary">Join</button>
      </form>
      <p class="note">A room that does not exist is made, and you are in charge of it.</p>
      <ul class="room-choice">
        ${(rooms || []).map(
          ({ room, people, topic }) => html`<li key=${room}><button onClick=${() => chat.join(room)}>
            <span class="name">${room}</span> <span class="note">${people === 1 ? "1 person" : `${people} people`}</span>
            ${topic && html`<span class="topic">${topic}</span>`}</button></li>`,
        )}
        ${more > 0 && html`<li class="note">and ${more} more</li>`}
      </ul>
    <//>`;
  }
}

export class Settings extends Component {
  box = { current: null };

  rename = (event) => {
    event.preventDefault();
    const nick = this.box.current.value.trim();
    const { chat } = this.props;
    if (nick && nick !== chat.talk.nick) chat.link.send({ op: "nick", nick }, chat.talk.view, `/nick ${nick}`);
    chat.toggle("settings");
  };

  sound = (event) => {
    settings.set("sound", event.target.checked);
    if (event.target.checked) {
      prepareSound();
      sound();
    }
    this.setState({});
  };

  notify = async (event) => {
    const wanted = event.target.checked;
    if (wanted && Notification.permission === "default") await Notification.requestPermission();
    settings.set("notify", wanted);
    this.setState({});
  };

  render({ chat }) {
    const { talk, link } = chat;
    const command = (op, typed) => () => {
      link.send(op, talk.view, typed);
      chat.toggle("settings");
    };
    const logout = (everywhere) => () => {
      chat.open = "";
      chat.changed(talk.say(chat.logout(everywhere)));
    };
    return html`<${Dialog} chat=${chat} title="Settings">
      ${!talk.account &&
      html`<form class="name-row" onSubmit=${this.rename}>
        <label for="new-name">Your name</label>
        <input id="new-name" ref=${this.box} defaultValue=${talk.nick} autocomplete="nickname" autocapitalize="off" spellcheck=${false} />
        <button>Change</button>
      </form>`}
      <label class="choice"><input type="checkbox" checked=${settings.get("sound", true)} onChange=${this.sound} /> A sound when somebody names you or writes to you alone</label>
      ${mayAskToNotify()
        ? html`<label class="choice"><input type="checkbox" checked=${notifies()} onChange=${this.notify} /> A notification of your system, too</label>`
        : html`<p class="note">Notifications of your system need an address with https, and your consent.</p>`}
      <p class="deeds">
        ${talk.account
          ? html`<span class="note">Logged in as ${talk.account}</span>
            <button onClick=${() => chat.toggle("passwd")}>Change password…</button>
            <button onClick=${logout("")}>Log out</button>
            <button onClick=${logout("all")}>Log out everywhere</button>`
          : html`<span class="note">You are a guest</span>
            <button onClick=${() => chat.toggle("register")}>Register this name…</button>
            <button onClick=${() => chat.toggle("login")}>Log in…</button>`}
      </p>
      <p class="deeds">
        ${talk.away ? html`<button onClick=${command({ op: "back" }, "/back")}>I am back</button>` : html`<button onClick=${command({ op: "away" }, "/away")}>I am away</button>`}
        <a class="button" href="/join" target="_blank" rel="noopener">Show the address as a QR code</a>
        <button onClick=${() => link.leave("")}>Leave the chat</button>
      </p>
      <h3>Keys</h3>
      <dl class="keys">
        <dt>Enter</dt><dd>sends; Shift+Enter breaks the line</dd>
        <dt>Tab</dt><dd>completes names, rooms and commands</dd>
        <dt>Up</dt><dd>brings back what you typed</dd>
        <dt>Alt+Up, Alt+Down</dt><dd>the room before, the next one; with Shift, one with something new</dd>
        <dt>Ctrl+K</dt><dd>searches</dd>
        <dt>Esc</dt><dd>goes back to the box, and to what is said now</dd>
      </dl>
      <p class="note">lanchat ${chat.version}, on ${talk.server}. /help lists the commands.</p>
    <//>`;
  }
}
