// The Flux platform as a node sees it: the public API's answers and those of the host it runs on,
// from a real HTTP server, with all the ways in which they may be of no use.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { portRange } from '../processes/ports';

/**
 * `error` is the platform's own way to fail: HTTP 200 and an envelope that says so. `silent` never
 * answers.
 */
export type Mood =
  | 'well'
  | 'error'
  | 'empty'
  | 'broken'
  | 'junk'
  | 'huge'
  | 'nested'
  | 'crumbs'
  | 'silent'
  | 'half'
  | 'elsewhere';

export interface MockComponent {
  readonly name: string;
  readonly ports: readonly number[];
  readonly containerPorts: readonly number[];
}

const HUGE = `{"status":"success","data":[${'{"ip":"203.0.113.99"},'.repeat(5_242_880 / 22)}null]}`;

/** Within the bytes that an answer may have, and dear to parse. */
const NESTED = `{"status":"success","data":[{"ip":"203.0.113.99"},${'['.repeat(120_000)}${']'.repeat(120_000)}]}`;
const CRUMBS = `{"status":"success","data":[{"ip":"203.0.113.99"},${Array.from({ length: 15_000 }, (_, i) => `{"k${i}":1}`).join(',')}]}`;

export class MockPlatform {
  /**
   * What is listed as an instance: an address, with or without the port of the platform's API
   * behind it.
   */
  rows: string[] = [];
  instances = 1;
  components: MockComponent[] = [];
  /**
   * What a host says of itself, by the last part of the question's path; without an entry it says
   * "error".
   */
  readonly hosts = new Map<string, string>();
  mood: Mood = 'well';
  /** Milliseconds before each answer. */
  delayMs = 0;
  /** Paths, in the order they were asked for. */
  readonly asked: string[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      this.asked.push(request.url ?? '');
      setTimeout(() => this.answer(request, response), this.delayMs).unref();
    });
  }

  /** Answers with its base URL. */
  async listen(): Promise<string> {
    const port = await portRange(1);
    await this.listenOn(port);
    return `http://127.0.0.1:${port}`;
  }

  /** On a port of loopback, or a Unix socket. */
  listenOn(place: number | string): Promise<void> {
    return new Promise((resolve) => {
      if (typeof place === 'string') this.server.listen(place, resolve);
      else this.server.listen(place, '127.0.0.1', resolve);
    });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const success = (data: unknown): void => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: 'success', data }));
    };
    if (this.spoil(response)) return;
    const [, section, question] = url.split('/');
    if (section === 'hostinfo') this.answerHost(response, question);
    else if (question === 'location') success(this.mood === 'empty' ? [] : this.rows.map(row));
    else if (this.mood === 'empty' || this.components.length === 0) fail(response);
    else success({ version: 8, name: 'app', instances: this.instances, compose: this.components });
  }

  private answerHost(response: ServerResponse, question: string | undefined): void {
    const ip = this.hosts.get(question ?? '');
    if (ip === undefined) fail(response);
    else response.end(JSON.stringify({ status: 'success', data: { appName: 'app', ip, geo: {} } }));
  }

  /** Whether the mood left nothing to answer. */
  private spoil(response: ServerResponse): boolean {
    switch (this.mood) {
      case 'well':
      case 'empty':
        return false;
      case 'error':
        fail(response);
        return true;
      case 'broken':
        response.writeHead(500).end('{"status":"success","data":[{"ip":"203.0.113.99"}]}');
        return true;
      case 'elsewhere':
        response.writeHead(307, { location: '/elsewhere' }).end();
        return true;
      case 'junk':
        response.end('<html>{"status":"success"');
        return true;
      case 'huge':
        response.end(HUGE);
        return true;
      case 'nested':
        response.end(NESTED);
        return true;
      case 'crumbs':
        response.end(CRUMBS);
        return true;
      case 'half':
        response.writeHead(200, { 'content-length': '1000' }).write('{"status":"success","data":[');
        setTimeout(() => response.destroy(), 20);
        return true;
      case 'silent':
        return true;
    }
  }
}

function fail(response: ServerResponse): void {
  response.end(JSON.stringify({ status: 'error', data: { code: 500, name: 'Error', message: 'no' } }));
}

function row(ip: string): object {
  return { name: 'app', hash: 'f00', ip, broadcastedAt: '2026-01-01', expireAt: '2026-01-01', osUptime: 1 };
}
