// A caller of a node's peer port that does as it pleases: it can greet like a node, and say
// anything before and after.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { DialerHandshake } from '../../../src/adapters/greeting-handshake';
import { sealedFrame } from '../core/sealed-frame';
import type { FrameSeal } from '../../../src/adapters/link-proof';
import type { NodeIdentity } from '../../../src/core/base/identity';
import { encodeHello, NONCE_BYTES } from '../../../src/core/wire/greeting';
import { realKeys } from '../core/cluster-keys';
import { until } from '../basics/until';

export class ForgingCaller {
  readonly received: Buffer[] = [];
  private seal: FrameSeal | null = null;
  private ended = false;

  private constructor(readonly socket: WebSocket) {
    socket.on('error', () => undefined);
    socket.on('close', () => (this.ended = true));
    socket.on('message', (bytes: Buffer) => this.received.push(bytes));
  }

  /** Resolves when the socket is open, or was refused. */
  static async connect(port: number): Promise<ForgingCaller> {
    const caller = new ForgingCaller(new WebSocket(`ws://127.0.0.1:${port}/gossip`));
    await Promise.race([once(caller.socket, 'open'), once(caller.socket, 'close')]).catch(() => undefined);
    return caller;
  }

  /** A link like that of the node `identity` describes. */
  static async linked(port: number, identity: NodeIdentity, secret: string | null): Promise<ForgingCaller> {
    const caller = await ForgingCaller.connect(port);
    const key = secret === null ? null : (await realKeys(secret, identity.cluster)).greeting;
    const handshake = new DialerHandshake({ identity, key, channel: null });
    caller.send(handshake.opening);
    const confirm = handshake.receive(await caller.next(0));
    if (confirm.kind !== 'reply') throw new Error(`the greeting ended with ${confirm.kind}`);
    caller.send(confirm.frame);
    const step = handshake.receive(await caller.next(1));
    if (step.kind !== 'proven') throw new Error(`the greeting ended with ${step.kind}`);
    caller.seal = step.seal;
    return caller;
  }

  get closed(): boolean {
    return this.ended;
  }

  /** Raw bytes of one message; whether anybody still listens does not matter. */
  send(bytes: Uint8Array | string): void {
    this.socket.send(bytes, () => undefined);
  }

  /** A frame, sealed when the link is. */
  frame(bytes: Uint8Array): void {
    this.send(this.seal === null ? bytes : sealedFrame(this.seal, bytes));
  }

  /** The message with this number, as soon as it has come. */
  next(at: number): Promise<Buffer> {
    return until(() => this.received.at(at) as Buffer, `message ${at}`);
  }

  async whenClosed(): Promise<void> {
    await until(() => this.ended, 'the node closes the socket');
  }

  end(): void {
    this.socket.terminate();
  }
}

export function helloOf(identity: NodeIdentity): Uint8Array {
  return encodeHello(identity, new Uint8Array(NONCE_BYTES));
}
