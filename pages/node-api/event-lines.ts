// Reads the lines of a text/event-stream (the HTML standard, 9.2.6) as they arrive, in whatever
// pieces.

export interface ServerEvent {
  readonly type: string;
  readonly data: string;
  /** The position that this event ends at; null when it has none. */
  readonly id: string | null;
}

/** Characters of one event. The longest that a node sends has a value of 4 KB and a position. */
const EVENT_CHARACTERS_MAX = 256 * 1024;

export class EventLines {
  private rest = '';
  private type = '';
  private data: string[] = [];
  private id: string | null = null;
  private size = 0;

  /**
   * @returns the events that are whole now.
   * @throws RangeError when an event has more than 256 Ki characters.
   */
  take(text: string): ServerEvent[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    const events = lines.flatMap((line) => this.line(line.endsWith('\r') ? line.slice(0, -1) : line));
    if (this.size + this.rest.length > EVENT_CHARACTERS_MAX) throw new RangeError('an event is too long');
    return events;
  }

  private line(line: string): ServerEvent[] {
    if (line === '') return this.end();
    this.size += line.length;
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'event') this.type = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.id = value;
    return [];
  }

  private end(): ServerEvent[] {
    const { type, data, id } = this;
    this.type = '';
    this.data = [];
    this.id = null;
    this.size = 0;
    return data.length === 0 ? [] : [{ type: type === '' ? 'message' : type, data: data.join('\n'), id }];
  }
}
