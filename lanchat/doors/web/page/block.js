/** Some lines one after another: with a line for each day, and one where the new ones begin. */

import { Component, html } from "./vendor/preact-htm.js";
import { fold } from "./names.js";
import { Line, Moves } from "./line.js";
import { day, dayOf } from "./times.js";

const PAUSE = 5 * 60e3;

export class Block extends Component {
  /** Hundreds of them stand in a conversation: only those that changed are drawn again. */
  shouldComponentUpdate(next) {
    const { block, version, newFrom, target, before, deletes } = this.props;
    const differs = block !== next.block || version !== next.version || before !== next.before || deletes !== next.deletes;
    return differs || (newFrom !== next.newFrom && this.has(newFrom, next.newFrom)) || target !== next.target;
  }

  has(...keys) {
    return this.props.block.lines.some((line) => keys.includes(line.key));
  }

  render({ block, before, newFrom, target, deletes, chat }) {
    const rows = [];
    let last = before;
    let moves = null;
    for (const line of block.lines) {
      const newDay = !last || dayOf(last.time) !== dayOf(line.time);
      if (newDay) rows.push(html`<div class="day" key=${`day${line.key}`} role="separator"><span>${day(line.time)}</span></div>`);
      if (line.key === newFrom) rows.push(html`<div class="new" key="new" role="separator"><span>New messages</span></div>`);
      const goesOn = !newDay && line.key !== newFrom && last;
      if (line.kind === "moves") {
        if (moves && goesOn) moves.push(line);
        else {
          moves = [line];
          rows.push(html`<${Moves} key=${line.key} lines=${moves} />`);
        }
      } else {
        const follows = goesOn && !line.announcement && !last.announcement && line.kind === "said" && last.kind === "said" && fold(last.nick) === fold(line.nick) && line.time - last.time < PAUSE;
        rows.push(html`<${Line} key=${line.key} line=${line} follows=${!!follows} chat=${chat} target=${!!target && line.id === target} deletes=${deletes} />`);
        moves = null;
      }
      last = line;
    }
    return html`<div class="block">${rows}</div>`;
  }
}
