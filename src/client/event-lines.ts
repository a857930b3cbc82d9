// Server-sent events out of text that comes in pieces (WHATWG HTML, 9.2).

/** A node's longest event is a small part of this. */
const PENDING_MAX = 1024 * 1024;

export interface EventBlock {
  readonly type: string;
  readonly data: string;
  /** The last id up to it; null as long as none came. */
  readonly id: string | null;
}

export class EventLines {
  /** Of everything that was read, comments too. */
  lastId: string | null = null;
  private pending = '';
  private type = '';
  private data: string[] = [];
  private dataLength = 0;

  /** @throws RangeError for a line, or an event, without an end */
  push(text: string): EventBlock[] {
    const lines = (this.pending + text).split('\n');
    this.pending = lines.pop() ?? '';
    if (this.pending.length > PENDING_MAX) throw new RangeError('a line of the stream is too long');
    const blocks: EventBlock[] = [];
    for (const line of lines) {
      const block = this.take(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (block !== null) blocks.push(block);
    }
    return blocks;
  }

  private take(line: string): EventBlock | null {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.type = value;
    else if (field === 'data') this.add(value);
    else if (field === 'id' && value !== '') this.lastId = value;
    return null;
  }

  private add(value: string): void {
    this.data.push(value);
    this.dataLength += value.length + 1;
    if (this.dataLength > PENDING_MAX) throw new RangeError('an event of the stream is too long');
  }

  private dispatch(): EventBlock | null {
    const { type, data, lastId } = this;
    this.type = '';
    this.data = [];
    this.dataLength = 0;
    return data.length === 0 ? null : { type, data: data.join('\n'), id: lastId };
  }
}
