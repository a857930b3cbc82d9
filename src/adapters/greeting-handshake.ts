// Both ends of the greeting (docs/protocol.md, Greeting) as state machines without I/O: a frame
// goes in, a step comes out. The dialer proves first. From a listener, an end that has not proven
// the key learns nothing but its identity and a refusal, and nothing that guesses could be tried
// against.
import { randomBytes } from 'node:crypto';
import type { NodeIdentity, SelfIdentity } from '../core/base/identity';
import {
  decodeGreeting,
  encodeAdmit,
  encodeConfirm,
  encodeHello,
  encodeReject,
  encodeWelcome,
  NONCE_BYTES,
  PROTOCOL_VERSION,
  type Greeting,
  type RejectCode,
} from '../core/wire/greeting';
import { FrameSeal, linkProof, proofMatches, type GreetingRole, type Transcript } from './link-proof';

export type GreetingStep =
  | { readonly kind: 'reply'; readonly frame: Uint8Array }
  /**
   * The other end is a peer. `seal` is null without a secret and within an encrypted channel.
   * Unless null, `frame` still has to be sent.
   */
  | {
      readonly kind: 'proven';
      readonly identity: NodeIdentity;
      readonly seal: FrameSeal | null;
      readonly frame: Uint8Array | null;
    }
  /** We will not be its peer, and tell it so with `frame`. */
  | {
      readonly kind: 'refused';
      readonly code: RejectCode;
      readonly frame: Uint8Array;
      readonly detail: string;
    }
  /** It will not be our peer. */
  | { readonly kind: 'rejected'; readonly code: RejectCode }
  | { readonly kind: 'junk'; readonly problem: string };

export interface GreetingParty {
  readonly identity: SelfIdentity;
  /** Stretched from the cluster secret (cluster-keys.ts); null where there is none. */
  readonly key: Buffer | null;
  /**
   * Keying material of the encrypted channel that the greeting crosses. Null on a bare socket,
   * where frames are sealed.
   */
  readonly channel: Uint8Array | null;
}

export interface Handshake {
  /** What has to be sent before anything is received; null for a listener. */
  readonly opening: Uint8Array | null;
  /** The step after one received frame; the last one when it is not a `reply`. */
  receive(frame: Uint8Array): GreetingStep;
}

/** The other end and what both saw, once both have introduced themselves. */
interface Introduced {
  readonly identity: NodeIdentity;
  readonly transcript: Transcript;
}

export class DialerHandshake implements Handshake {
  readonly opening: Uint8Array;
  private introduced: Introduced | null = null;

  constructor(private readonly party: GreetingParty) {
    this.opening = encodeHello(party.identity, randomBytes(NONCE_BYTES));
  }

  receive(frame: Uint8Array): GreetingStep {
    const greeting = decodeGreeting(frame);
    if (this.introduced === null) {
      return greeting.kind === 'welcome' ? this.confirm(greeting.identity, frame) : unexpected(greeting);
    }
    if (greeting.kind !== 'admit') return unexpected(greeting);
    const wanted = linkProof(this.party.key, 'listener', this.introduced.transcript);
    if (!proofMatches(greeting.proof, wanted)) return otherSecret();
    return proven(this.party, 'dialer', this.introduced, null);
  }

  private confirm(listener: NodeIdentity, welcome: Uint8Array): GreetingStep {
    const refusal = misfit(this.party.identity, listener);
    if (refusal !== null) return refusal;
    const transcript = transcriptOf(this.opening, welcome, this.party);
    this.introduced = { identity: listener, transcript };
    return { kind: 'reply', frame: encodeConfirm(linkProof(this.party.key, 'dialer', transcript)) };
  }
}

export class ListenerHandshake implements Handshake {
  readonly opening = null;
  private introduced: Introduced | null = null;

  constructor(private readonly party: GreetingParty) {}

  receive(frame: Uint8Array): GreetingStep {
    const greeting = decodeGreeting(frame);
    if (this.introduced === null) {
      return greeting.kind === 'hello' ? this.welcome(greeting.identity, frame) : unexpected(greeting);
    }
    if (greeting.kind !== 'confirm') return unexpected(greeting);
    const { transcript } = this.introduced;
    if (!proofMatches(greeting.proof, linkProof(this.party.key, 'dialer', transcript))) return otherSecret();
    const admit = encodeAdmit(linkProof(this.party.key, 'listener', transcript));
    return proven(this.party, 'listener', this.introduced, admit);
  }

  private welcome(dialer: NodeIdentity, hello: Uint8Array): GreetingStep {
    const refusal = misfit(this.party.identity, dialer);
    if (refusal !== null) return refusal;
    const frame = encodeWelcome(this.party.identity, randomBytes(NONCE_BYTES));
    this.introduced = { identity: dialer, transcript: transcriptOf(hello, frame, this.party) };
    return { kind: 'reply', frame };
  }
}

function transcriptOf(hello: Uint8Array, welcome: Uint8Array, { channel }: GreetingParty): Transcript {
  return { hello, welcome, channel: channel ?? new Uint8Array(0) };
}

function misfit(own: NodeIdentity, other: NodeIdentity): GreetingStep | null {
  if (other.id === own.id) return refused('self', 'it is this node');
  if (other.cluster !== own.cluster) return refused('other-cluster', `its cluster is ${other.cluster}`);
  return null;
}

function otherSecret(): GreetingStep {
  return refused('other-secret', 'it did not prove the cluster secret');
}

function refused(code: RejectCode, detail: string): GreetingStep {
  return { kind: 'refused', code, frame: encodeReject(code), detail };
}

function proven(
  { key, channel }: GreetingParty,
  role: GreetingRole,
  { identity, transcript }: Introduced,
  frame: Uint8Array | null,
): GreetingStep {
  const seal = key === null || channel !== null ? null : new FrameSeal(key, role, transcript);
  return { kind: 'proven', identity, seal, frame };
}

function unexpected(greeting: Greeting): GreetingStep {
  if (greeting.kind === 'reject') return { kind: 'rejected', code: greeting.code };
  if (greeting.kind === 'junk') return greeting;
  if (greeting.kind !== 'other-protocol') return { kind: 'junk', problem: `unexpected ${greeting.kind}` };
  return refused('protocol', `it speaks protocol ${greeting.protocolVersion}, this node ${PROTOCOL_VERSION}`);
}
