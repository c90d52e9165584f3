/**
 * The conversation: stays at its end while that is in view, and otherwise where one reads.
 *
 * Only some blocks are on the page; more are put on it before one reaches them, from what is known here first, and then
 * from the server. What is said far below where one reads is put on it when one comes near: drawing it again and again
 * would cost frames.
 */

import { Component, html } from "./vendor/preact-htm.js";
import { Block } from "./block.js";
import { icon } from "./icons.js";
import { Pending } from "./line.js";

const FIRST = 6;
const MORE = 4;
const END = 24;
const MESSAGE = ".line[data-id]";

export class Log extends Component {
  scroller = { current: null };
  content = { current: null };
  /** The first block that is on the page. */
  from = this.props.place.from;
  /** The last block that is on the page while one reads far from the end; 0: all that follow are. */
  to = 0;

  componentDidMount() {
    const { place } = this.props;
    if (place.target || place.atEnd) this.toPlace();
    else this.scroller.current.scrollTop = place.top;
    this.fill();
    this.observer = new ResizeObserver(() => this.props.place.atEnd && !this.props.place.past && this.toEnd());
    this.observer.observe(this.content.current);
    this.observer.observe(this.scroller.current);
  }

  componentWillUnmount() {
    this.observer.disconnect();
  }

  /** Remembers which line ends where, so that it ends there afterwards too: its name may go, if older ones come. */
  getSnapshotBeforeUpdate() {
    const { place } = this.props;
    if (place.atEnd && !place.past) return null;
    const top = this.scroller.current.getBoundingClientRect().top;
    const block = firstBelow(this.content.current.querySelectorAll(".block"), top);
    const row = block && firstBelow(block.children, top);
    return row ? { row, bottom: row.getBoundingClientRect().bottom } : null;
  }

  componentDidUpdate(_before, _state, anchor) {
    const { place } = this.props;
    const box = this.scroller.current;
    if (place.target) this.toPlace();
    else if (place.atEnd && !place.past) this.toEnd();
    else if (anchor?.row.isConnected) {
      const moved = anchor.row.getBoundingClientRect().bottom - anchor.bottom;
      if (moved) box.scrollTop += moved;
    }
    this.fill();
  }

  /** Goes to what is to be shown: something that was found, or the end. */
  toPlace() {
    const { place, chat } = this.props;
    if (place.target) {
      const row = this.content.current.querySelector(`[data-id="${place.target}"]`);
      if (row) {
        row.scrollIntoView({ block: "center" });
        attend(row);
        place.shownTarget = place.target;
        place.target = 0;
        this.scrolled();
        chat.changed();
      }
    } else if (place.atEnd) this.toEnd();
  }

  toEnd() {
    const box = this.scroller.current;
    box.scrollTop = box.scrollHeight;
  }

  scrolled = () => {
    const { place, chat } = this.props;
    const box = this.scroller.current;
    Object.assign(place, { top: box.scrollTop, from: this.from });
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < END;
    if (atEnd !== place.atEnd) {
      place.atEnd = atEnd;
      chat.changed();
    }
    this.fill();
  };

  /** Arrow keys go from message to message; what can be done with one shows itself there, and Delete deletes it. */
  pressed = (event) => {
    const { key, target, altKey } = event;
    const line = target.closest(MESSAGE);
    const steps = !altKey && (target === line || target === this.scroller.current) && { ArrowUp: -1, ArrowDown: 1 }[key];
    if (key === "Delete") line?.querySelector(".delete")?.click();
    if (!steps) return;
    const lines = [...this.content.current.querySelectorAll(MESSAGE)];
    const next = lines[line ? lines.indexOf(line) + steps : lines.length - 1];
    if (!next) return;
    event.preventDefault();
    attend(next);
    next.scrollIntoView({ block: "nearest" });
  };

  /** A finger that stays on a message means it. */
  touched = ({ target }) => {
    const line = target.closest(MESSAGE);
    this.released();
    if (line) this.pressing = setTimeout(() => attend(line), 500);
  };

  released = () => clearTimeout(this.pressing);

  /** Puts more on the page before one reaches its edge. */
  fill() {
    const { place, chat } = this.props;
    const box = this.scroller.current;
    const near = box.clientHeight * 1.5;
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (box.scrollTop < near) {
      const hidden = this.hidden();
      if (hidden && !place.atEnd) this.widen(hidden);
      else if (!hidden) chat.older(place);
    }
    if (below >= near) this.to = this.to || this.last;
    else if (place.past) chat.newer(place);
    else if (this.to) {
      const waiting = this.until() < place.shown.blocks.length;
      this.to = 0;
      if (waiting) this.setState({});
    }
  }

  widen(hidden) {
    this.from = this.props.place.shown.blocks[Math.max(0, hidden - MORE)].key;
    this.setState({});
  }

  /** How many blocks are known and not on the page. */
  hidden() {
    const { place } = this.props;
    const { blocks } = place.shown;
    if (place.past || place.target) return 0;
    if (place.atEnd) return Math.max(0, blocks.length - FIRST);
    return Math.max(0, blocks.findIndex((block) => block.key === this.from));
  }

  /** Behind which block the page ends. */
  until() {
    const { place } = this.props;
    const { blocks } = place.shown;
    const at = place.atEnd || place.past || place.target ? -1 : blocks.findIndex((block) => block.key === this.to);
    return at < 0 ? blocks.length : at + 1;
  }

  render({ chat, place, edit }) {
    const stretch = place.shown;
    const blocks = stretch.blocks;
    const hidden = this.hidden();
    const until = this.until();
    const shown = blocks.slice(hidden, until);
    this.from = shown[0]?.key;
    this.last = shown[shown.length - 1]?.key;
    if (until === blocks.length) this.to = 0;
    const target = place.target || place.shownTarget;
    const pending = place.past ? [] : chat.link.outbox.of(place.key);
    const deletes = !chat.talk.may("delete") ? "" : chat.talk.governs(place) ? "all" : "own";
    const nothing = !stretch.size && !pending.length;
    return html`<div class="log-place">
      <div class="log" ref=${this.scroller} onScroll=${this.scrolled} role="log" aria-live="polite" aria-label=${`Conversation in ${place.name}`}
        aria-busy=${place.loading} tabindex="0" onKeyDown=${this.pressed} onTouchStart=${this.touched} onTouchMove=${this.released} onTouchEnd=${this.released}>
        <div class="content" ref=${this.content}>
          ${!hidden && !stretch.older && html`<p class="beginning">${place.isPrivate ? `Only you and ${place.name} read this. The server keeps it if both of you are logged in.` : nothing ? `Nobody has said anything in ${place.name} yet.` : `This is where ${place.name} begins.`}</p>`}
          ${place.loading && !place.past && html`<p class="loading">Older messages…</p>`}
          ${shown.map((block, at) => {
            const previous = blocks[hidden + at - 1];
            const before = previous && previous.lines[previous.lines.length - 1];
            return html`<${Block} key=${block.key} block=${block} version=${block.version} before=${before} newFrom=${place.newFrom} target=${target} deletes=${deletes} chat=${chat} />`;
          })}
          ${pending.map((asked) => html`<${Pending} key=${asked.ref} asked=${asked} chat=${chat} edit=${edit} />`)}
        </div>
      </div>
      ${(place.past || !place.atEnd) &&
      html`<button class="to-end" onClick=${() => this.now()}>
        ${icon("down")}${place.unread ? `${place.unread} new` : place.past ? "Back to now" : "To the newest"}</button>`}
    </div>`;
  }

  now() {
    const { chat, place } = this.props;
    place.shownTarget = 0;
    chat.toNow(place);
  }
}

function attend(line) {
  line.setAttribute("tabindex", "-1");
  line.focus({ preventScroll: true });
}

/** Gives the first of some elements, one below the other, that ends below a place. */
function firstBelow(elements, place) {
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (elements[middle].getBoundingClientRect().bottom > place) high = middle;
    else low = middle + 1;
  }
  return elements[low];
}
