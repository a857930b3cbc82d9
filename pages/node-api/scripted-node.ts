// For tests: servers of events that say what a test makes them say.
import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export type Answer = (response: ServerResponse, since: string) => void;

/** Each question in turn gets the next answer; the last one is for all that follow. */
export class ScriptedNode {
  readonly asked: string[] = [];
  /** How often it was asked whether it is alive. */
  pulses = 0;
  /** It takes connections, and says nothing more. */
  hangs = false;
  private readonly server: Server;

  constructor(private readonly answers: readonly Answer[]) {
    this.server = createServer(({ url = '' }, response) => {
      if (this.hangs) return;
      if (url === '/health/live') {
        this.pulses += 1;
        response.end();
        return;
      }
      const since = new URL(url, 'http://x').searchParams.get('since') ?? '';
      const answer = this.answers[Math.min(this.asked.length, this.answers.length - 1)];
      this.asked.push(since);
      answer?.(response, since);
    });
  }

  async listen(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await once(this.server.close(), 'close');
  }
}

export const eventText = (type: string, data: object = {}, id = ''): string =>
  `event: ${type}\n${id === '' ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;

/** Says this and stays open, or closes. */
export const says =
  (text: string, closes = false): Answer =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(text);
    if (closes) response.end();
  };
export const refuses =
  (status: number): Answer =>
  (response) => {
    response.writeHead(status, { 'Retry-After': '0' }).end('{"code":"syncing"}');
  };
