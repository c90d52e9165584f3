/** The box: Enter sends, Shift+Enter breaks the line, Tab completes, Up brings back what was typed. */

import { Component, html } from "./vendor/preact-htm.js";
import { completions, offersItself } from "./completion.js";
import { icon } from "./icons.js";
import { Sending, Uploads } from "./sending.js";

export class Composer extends Component {
  box = { current: null };
  state = { complaint: "", choices: [], start: 0, chosen: -1, back: 0 };

  componentWillUnmount() {
    clearTimeout(this.ticking);
  }

  componentDidMount() {
    if (matchMedia("(hover: hover)").matches) this.box.current.focus(); // on a phone that would open the keyboard
    this.show(this.props.place.draft);
  }

  componentDidUpdate({ place }) {
    const now = this.props.place;
    if (now.returned) {
      now.returned = false;
      this.show(now.draft);
    }
    clearTimeout(this.ticking);
    if (now.until && !this.waits) {
      Object.assign(now, { until: 0, complaint: "" });
      this.setState({});
    } else if (now.until) this.ticking = setTimeout(() => this.setState({}), 250);
    if (place === now) return;
    this.setState({ complaint: "", choices: [], chosen: -1, back: 0 });
    this.show(this.props.place.draft);
    if (matchMedia("(hover: hover)").matches) this.box.current.focus();
  }

  /** Puts a text into the box, with the cursor behind it. */
  show(text, cursor = text.length) {
    const box = this.box.current;
    box.value = this.props.place.draft = text;
    box.setSelectionRange(cursor, cursor);
    this.fit();
  }

  fit() {
    const box = this.box.current;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }

  /** How many seconds it takes until one may speak again. */
  get waits() {
    return Math.max(0, Math.ceil((this.props.place.until - Date.now()) / 1000));
  }

  get before() {
    const box = this.box.current;
    return box.value.slice(0, box.selectionStart);
  }

  typed = () => {
    Object.assign(this.props.place, { draft: this.box.current.value, complaint: this.waits ? this.props.place.complaint : "" });
    this.fit();
    this.offer(offersItself(this.before));
    this.setState({ complaint: "", back: 0 });
  };

  offer(wanted) {
    const { start, choices } = wanted ? completions(this.before, this.props.chat.talk) : { start: 0, choices: [] };
    this.setState({ start, choices, chosen: -1 });
    return { start, choices };
  }

  take(choice, start = this.state.start) {
    const box = this.box.current;
    const rest = box.value.slice(box.selectionStart);
    const insert = rest.startsWith(" ") ? choice.insert.trimEnd() : choice.insert;
    this.show(box.value.slice(0, start) + insert + rest, start + insert.length);
    this.setState({ choices: [], chosen: -1, complaint: "" });
    box.focus();
  }

  submit = (event) => {
    event?.preventDefault();
    const text = this.box.current.value;
    if (!text.trim()) return;
    if (this.waits && !text.startsWith("/")) return;
    this.props.place.complaint = "";
    const complaint = this.props.chat.submit(text);
    this.setState({ complaint, choices: [], chosen: -1, back: 0 });
    if (!complaint) {
      this.props.place.draft = "";
      if (this.box.current) this.show(this.props.place.draft);
    }
  };

  pressed = (event) => {
    if (event.isComposing || event.keyCode === 229) return; // a word of an input method is not finished
    const { choices, chosen } = this.state;
    const deed = this.deed(event, choices, chosen);
    if (deed) {
      event.preventDefault();
      deed();
    }
  };

  /** Says what a key does here; nothing where it does what it always does. */
  deed({ key, shiftKey, altKey, ctrlKey, metaKey }, choices, chosen) {
    if (altKey || ctrlKey || metaKey) return null;
    const move = (by) => () => this.setState({ chosen: (chosen + by + choices.length + (chosen < 0 && by < 0 ? 1 : 0)) % choices.length });
    if (key === "Enter") return shiftKey ? null : chosen >= 0 ? () => this.take(choices[chosen]) : this.submit;
    if (key === "Tab" && !shiftKey) return choices.length ? () => this.take(choices[Math.max(0, chosen)]) : this.completing();
    if (key === "Escape" && choices.length) return () => this.setState({ choices: [], chosen: -1 });
    if (key === "ArrowDown" && choices.length) return move(1);
    if (key === "ArrowUp" && choices.length) return move(-1);
    if (key === "ArrowUp" && !this.before.includes("\n")) return this.recalling(1);
    if (key === "ArrowDown" && this.state.back) return this.recalling(-1);
    return null;
  }

  /** Tab in an empty box goes on to the next thing on the page. */
  completing() {
    if (!/\S$/.test(this.before)) return null;
    const { choices, start } = completions(this.before, this.props.chat.talk);
    if (!choices.length) return null;
    return () => (choices.length === 1 ? this.take(choices[0], start) : this.setState({ start, choices, chosen: 0 }));
  }

  recalling(by) {
    const { typed } = this.props.chat;
    const back = this.state.back + by;
    if (back > typed.length || (this.box.current.value && !this.state.back)) return null;
    return () => {
      this.show(back ? typed[typed.length - back] : "");
      this.setState({ back });
    };
  }

  render({ chat, place }, { complaint, choices, chosen }) {
    const label = place.isPrivate ? `Write to ${place.name} in private` : `Write to ${place.name}`;
    const rule = complaint || place.complaint ? "" : ruleOf(chat.talk, place);
    const active = chosen >= 0 ? `choice-${chosen}` : undefined;
    return html`<form class="composer" onSubmit=${this.submit}>
      ${choices.length > 0 &&
      html`<ul class="choices" id="choices" role="listbox" aria-label="Completions">
        ${choices.map(
          (choice, at) => html`<li key=${choice.insert} id=${`choice-${at}`} role="option" aria-selected=${at === chosen}
            onMouseDown=${(event) => event.preventDefault()} onClick=${() => this.take(choice)}>
            <span class="shown">${choice.shown}</span> <span class="help">${choice.help}</span></li>`,
        )}
      </ul>`}
      <p class="away-from-eyes" role="status">${choices.length ? `${choices.length} ${choices.length > 1 ? "completions" : "completion"}: arrow keys and Tab` : ""}</p>
      <${Uploads} chat=${chat} place=${place} />
      <p class=${this.waits ? "away-from-eyes" : "complaint"} role="alert">${complaint || place.complaint}</p>
      ${this.waits > 0 && html`<p class="complaint" role="timer">Slow mode: you may speak again in ${this.waits} ${this.waits > 1 ? "seconds" : "second"}.</p>`}
      ${rule && html`<p class="note rule" id="rule">${rule}</p>`}
      <div class="box">
        ${chat.files.offered && html`<${Sending} chat=${chat} place=${place} />`}
        <textarea id="box" ref=${this.box} rows="1" placeholder=${label} aria-label=${label} aria-describedby=${rule ? "rule" : undefined} enterkeyhint="send" autocomplete="off" aria-autocomplete="list"
          aria-controls=${choices.length ? "choices" : undefined}
          aria-activedescendant=${active} onInput=${this.typed} onKeyDown=${this.pressed} onBlur=${() => this.setState({ choices: [], chosen: -1 })}></textarea>
        <button class="send" aria-label="Send" title="Send (Enter)">${icon("send")}</button>
      </div>
    </form>`;
  }
}

/** Says what keeps people from speaking here, as far as it keeps us. */
function ruleOf(talk, place) {
  const { modes } = place;
  if (place.isPrivate || talk.governs(place)) return "";
  if (modes.has("read-only")) return "Only ops may speak here: it is for announcements.";
  if (talk.rankIn(place)) return "";
  if (modes.has("moderated")) return "Only ops and who has voice may speak here.";
  return modes.has("slow") ? `Slow mode: one message in ${modes.get("slow")} seconds.` : "";
}
