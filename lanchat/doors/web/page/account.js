/** Making a name one's own, logging in, another password. */

import { html } from "./vendor/preact-htm.js";
import { Body } from "./body.js";
import { Asking, Dialog } from "./dialogs.js";

const FORMS = {
  register: { title: "Register this name", deed: "Register", fields: [["password", "Password, at least 8 characters", "new-password"]], again: "password" },
  login: { title: "Log in", deed: "Log in", fields: [["name", "Your name", "username"], ["password", "Password", "current-password"]] },
  passwd: { title: "Change password", deed: "Change", fields: [["old", "Password until now", "current-password"], ["new", "New password, at least 8 characters", "new-password"]], again: "new" },
};
const SAYS = {
  register: (nick) => `${nick} will be yours: nobody else can have it, you keep your ranks in rooms, and what people write to you in private waits for you.`,
  passwd: () => "Your other devices have to log in again.",
};

export class Account extends Asking {
  form = { current: null };

  componentDidMount() {
    this.form.current.querySelector("input:not([readonly])").focus();
    this.props.chat.entrance.unsafe().then(this.props.chat.changed);
  }

  send = async (event) => {
    event.preventDefault();
    const { chat, what } = this.props;
    const { again, fields } = FORMS[what];
    const boxes = this.form.current.elements;
    const given = Object.fromEntries(fields.map(([name]) => [name, boxes[name].value]));
    if (again && given[again] !== boxes.again.value) return this.setState({ complaint: "That is not the same twice. Type it again." });
    if (boxes.keep) chat.link.keep = boxes.keep.checked;
    if (!(await this.ask({ op: what, ...given }))) for (const box of boxes) if (box.type === "password") box.value = "";
    chat.changed();
  };

  render({ chat, what }, { busy }) {
    const { title, deed, fields, again } = FORMS[what];
    const { elsewhere } = chat.entrance;
    if (elsewhere) return html`<${Dialog} chat=${chat} title=${title}><p role="status"><${Body} text=${elsewhere} /></p><//>`;
    const boxes = again ? [...fields, ["again", "The same again", "new-password"]] : fields;
    return html`<${Dialog} chat=${chat} title=${title}>
      ${SAYS[what] && html`<p>${SAYS[what](chat.talk.nick)}</p>`}
      <form ref=${this.form} class="fields" onSubmit=${this.send} aria-busy=${busy}>
        ${what !== "login" && html`<input class="away-from-eyes" name="account" autocomplete="username" value=${chat.talk.nick} readonly tabindex="-1" aria-hidden="true" />`}
        ${boxes.map(
          ([name, label, autocomplete]) => html`<label for=${`field-${name}`}>${label}</label>
            <input id=${`field-${name}`} name=${name} type=${name === "name" ? "text" : "password"} autocomplete=${autocomplete} autocapitalize="off" spellcheck=${false} maxlength="1024" required />`,
        )}
        ${what !== "passwd" && html`<label class="choice"><input name="keep" type="checkbox" defaultChecked=${chat.link.keep} /> Keep me logged in on this device</label>`}
        ${this.complaint}
        <p class="deeds"><button class="primary" disabled=${busy}>${deed}</button></p>
      </form>
    <//>`;
  }
}
