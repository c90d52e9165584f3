/**
 * Lines that follow each other without a gap, in blocks: a block that has not changed is not drawn again.
 *
 * `older` is the number of the event before which there is more (0: nothing is), `newer` the one after which there is.
 */

const BLOCK = 50;
const MOST = 5000;
let serial = 0;

export class Stretch {
  constructor() {
    this.blocks = [];
    this.size = 0;
    this.older = 0;
    this.newer = 0;
  }

  get first() {
    return this.blocks[0]?.lines[0];
  }

  get last() {
    return this.blocks[this.blocks.length - 1]?.lines.slice(-1)[0];
  }

  get ids() {
    return this.blocks.flatMap((block) => block.lines.map((line) => line.id));
  }

  /** Gives those of some lines that are not here: a page of history may overlap with what was shown on joining. */
  unknown(lines) {
    const known = new Set(this.ids);
    return lines.filter(({ id }) => !known.has(id));
  }

  append(line) {
    let block = this.blocks[this.blocks.length - 1];
    if (!block || block.lines.length >= BLOCK) {
      block = { key: ++serial, lines: [], version: 0 };
      this.blocks.push(block);
    }
    line.key = ++serial;
    block.lines.push(line);
    block.version++;
    this.size++;
  }

  /** Puts older lines before all others. */
  prepend(lines) {
    const blocks = [];
    for (let end = lines.length; end > 0; end -= BLOCK) {
      const some = lines.slice(Math.max(0, end - BLOCK), end);
      for (const line of some) line.key = ++serial;
      blocks.unshift({ key: ++serial, lines: some, version: 0 });
    }
    this.blocks.unshift(...blocks);
    this.size += lines.length;
  }

  find(id) {
    for (const block of this.blocks) for (const line of block.lines) if (line.id === id) return line;
  }

  after(line) {
    const lines = this.blocks.flatMap((block) => block.lines);
    return lines[lines.indexOf(line) + 1];
  }

  /** Takes a line out; gives it. */
  remove(id) {
    const line = this.find(id);
    const block = line && this.blocks.find(({ lines }) => lines.includes(line));
    if (block) {
      block.lines = block.lines.filter((each) => each !== line);
      block.version++;
      this.size--;
      if (!block.lines.length) this.blocks = this.blocks.filter((each) => each !== block);
    }
    return line;
  }

  /** Forgets the oldest lines, if there are too many: the server has them. */
  trim() {
    while (this.size > MOST && this.blocks.length > 1) {
      this.size -= this.blocks.shift().lines.length;
      const known = this.blocks.flatMap((block) => block.lines).find((line) => line.id);
      this.older = known ? known.id : 0;
    }
  }
}
