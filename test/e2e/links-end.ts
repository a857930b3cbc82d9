// One end of the peer-link tests: a real HTTP server with real PeerLinks, remembering what it was
// told.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { DialerHandshake } from '../../src/adapters/greeting-handshake';
import type { FrameSeal } from '../../src/adapters/link-proof';
import { cheapKeys } from '../support/core/cluster-keys';
import { portRange } from '../support/processes/ports';
import { until } from '../support/basics/until';
import { PeerLinks, type PeerLinksOptions } from '../../src/adapters/peer-links';
import type { SelfIdentity } from '../../src/core/base/identity';
import type { Input, LinkId } from '../../src/core/base/inputs';

export type InputOf<K extends Input['kind']> = Extract<Input, { kind: K }>;

export interface EndOptions extends Partial<Omit<PeerLinksOptions, 'identity' | 'deliver' | 'log' | 'keys'>> {
  readonly secret?: string | null;
  /** An address of loopback, which is a host of its own then (127.0.0.1). */
  readonly host?: string;
  readonly cluster?: string;
  readonly onInput?: (input: Input) => void;
}

const LOOPBACK = '127.0.0.1';

/** Lent bytes change after the call. */
function kept(input: Input): Input {
  const isLent = input.kind === 'frame' && input.isLent === true;
  return isLent ? { ...input, bytes: new Uint8Array(input.bytes) } : input;
}

export class LinkEnd {
  readonly inputs: Input[] = [];
  readonly logged: { level: string; event: string; fields: object }[] = [];
  readonly links: PeerLinks;

  private constructor(
    readonly identity: SelfIdentity,
    private readonly server: Server,
    options: EndOptions,
  ) {
    const log =
      (level: string) =>
      (event: string, fields: object = {}): void => {
        this.logged.push({ level, event, fields });
      };
    this.links = new PeerLinks({
      keys: cheapKeys(options.secret ?? null),
      allow: [],
      configuredHosts: () => [],
      ...options,
      identity: () => identity,
      deliver: (input) => {
        this.inputs.push(kept(input));
        options.onInput?.(input);
      },
      log: {
        trace: log('trace'),
        debug: log('debug'),
        info: log('info'),
        warn: log('warn'),
        error: log('error'),
      },
    });
    server.on('upgrade', (request, socket, head) => this.links.handleUpgrade(request, socket, head));
  }

  static async start(digit: string, options: EndOptions = {}): Promise<LinkEnd> {
    const port = await portRange(1);
    const server = createServer((_request, response) => response.end('hello\n'));
    const { host = LOOPBACK } = options;
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    const identity = {
      id: digit.repeat(16),
      name: `node-${digit}`,
      cluster: options.cluster ?? 'repram',
      hostId: 'here',
      listenPort: port,
      advertisedPort: port,
      addresses: [],
      ...(host === LOOPBACK ? {} : { loopback: host }),
    };
    return new LinkEnd(identity, server, options);
  }

  get endpoint(): { address: string; port: number } {
    return { address: this.identity.loopback ?? LOOPBACK, port: this.identity.listenPort };
  }

  of<K extends Input['kind']>(kind: K): InputOf<K>[] {
    return this.inputs.filter((input): input is InputOf<K> => input.kind === kind);
  }

  /** Waits for the first input of a kind. */
  async first<K extends Input['kind']>(kind: K): Promise<InputOf<K>> {
    return until(() => this.of(kind).at(0) as InputOf<K>, `${this.identity.name} is told ${kind}`);
  }

  texts(): string[] {
    return this.of('frame').map((input) => Buffer.from(input.bytes).toString());
  }

  send(linkId: LinkId, text: string): void {
    this.links.send(linkId, Buffer.from(text));
  }

  async stop(): Promise<void> {
    await this.links.shutdown();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Dials and waits until both ends are up; answers the link ids. */
export async function link(dialer: LinkEnd, listener: LinkEnd): Promise<{ out: LinkId; in: LinkId }> {
  dialer.links.dial(listener.endpoint);
  const [out, inbound] = await Promise.all([dialer.first('link-up'), listener.first('link-up')]);
  return { out: out.linkId, in: inbound.linkId };
}

/** A bare socket to the gossip path of `end`, for tests that do with it what no node would do. */
export async function connectTo(end: LinkEnd, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${end.endpoint.port}/gossip`, { headers });
  socket.on('error', () => {});
  await once(socket, 'open');
  return socket;
}

/** A greeted socket without the machinery of a link: the test decides what goes over it. */
export async function greetAs(
  digit: string,
  listener: LinkEnd,
  secret: string | null = null,
): Promise<{ socket: WebSocket; seal: FrameSeal | null }> {
  return greetOver(await connectTo(listener), digit, listener, secret);
}

/** The same over a socket that is open already. */
export async function greetOver(
  socket: WebSocket,
  digit: string,
  listener: LinkEnd,
  secret: string | null = null,
): Promise<{ socket: WebSocket; seal: FrameSeal | null }> {
  const identity = { ...listener.identity, id: digit.repeat(16), name: `bare-${digit}` };
  const handshake = new DialerHandshake({
    identity,
    key: cheapKeys(secret)?.greeting ?? null,
    channel: null,
  });
  socket.send(handshake.opening);
  const [welcome] = (await once(socket, 'message')) as [Buffer];
  const confirm = handshake.receive(welcome);
  if (confirm.kind !== 'reply') throw new Error(`the greeting ended with ${confirm.kind}`);
  const admitted = once(socket, 'message') as Promise<[Buffer]>;
  socket.send(confirm.frame);
  const step = handshake.receive((await admitted)[0]);
  if (step.kind !== 'proven') throw new Error(`the greeting ended with ${step.kind}`);
  return { socket, seal: step.seal };
}
