// A reader of /events as a client without a browser writes it: parses the stream, and remembers the
// last id.
import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { until } from '../basics/until';

export interface StreamEvent {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export class EventReader {
  readonly events: StreamEvent[] = [];
  /** As it came, comments included. */
  text = '';
  lastId = '';
  isOver = false;
  private unread = '';

  private constructor(
    private readonly request: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.take(text));
    response.on('close', () => {
      this.isOver = true;
    });
    response.on('error', () => undefined);
  }

  /** @param query with its question mark; `lastId` goes into Last-Event-ID */
  static async open(port: number, query = '', lastId = ''): Promise<EventReader> {
    const headers = lastId === '' ? {} : { 'last-event-id': lastId };
    const request = get({ host: '127.0.0.1', port, path: `/events${query}`, headers, agent: false });
    request.on('error', () => undefined);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const reader = new EventReader(request, response);
    reader.lastId = lastId;
    return reader;
  }

  /** Events of one type. */
  of(type: string): Record<string, unknown>[] {
    return this.events.filter((event) => event.type === type).map(({ data }) => data);
  }

  async untilHas(type: string, count = 1): Promise<Record<string, unknown>[]> {
    await until(() => this.of(type).length >= count, `${count} events of type ${type}`);
    return this.of(type);
  }

  /** Reads no more, and keeps the connection. */
  pause(): void {
    this.response.pause();
  }

  close(): void {
    this.request.destroy();
  }

  private take(text: string): void {
    this.text += text;
    this.unread += text;
    for (;;) {
      const end = this.unread.indexOf('\n\n');
      if (end === -1) return;
      this.dispatch(this.unread.slice(0, end));
      this.unread = this.unread.slice(end + 2);
    }
  }

  private dispatch(block: string): void {
    let type = 'message';
    let data: string | null = null;
    for (const line of block.split('\n')) {
      if (line.startsWith('id: ')) this.lastId = line.slice(4);
      if (line.startsWith('event: ')) type = line.slice(7);
      if (line.startsWith('data: ')) data = line.slice(6);
    }
    if (data !== null) this.events.push({ type, data: JSON.parse(data) as Record<string, unknown> });
  }
}
