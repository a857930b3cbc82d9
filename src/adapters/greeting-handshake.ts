// Both ends of the greeting (docs/protocol.md, Greeting) as state machines without I/O: a frame goes in, a step comes
// out. Who is no member of this cluster learns nothing from a listener but its identity and a refusal.
import { randomBytes } from 'node:crypto';
import type { NodeIdentity, SelfIdentity } from '../core/membership/identity';
import {
  completeWelcome,
  decodeGreeting,
  encodeConfirm,
  encodeHello,
  encodeReject,
  encodeWelcome,
  GREETING_LIMITS,
  PROTOCOL_VERSION,
  type Greeting,
  type RejectCode,
} from '../core/wire/greeting';
import { FrameSeal, linkProof, proofMatches, type GreetingRole, type Transcript } from './link-proof';

export type GreetingStep =
  | { readonly kind: 'reply'; readonly frame: Uint8Array }
  /** The other end is a peer; `seal` is null without a secret. `frame` still has to be sent unless null. */
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
  readonly secret: string | null;
}

export interface Handshake {
  /** What has to be sent before anything is received; null for a listener. */
  readonly opening: Uint8Array | null;
  /** The step after one received frame; the last one when it is not a `reply`. */
  receive(frame: Uint8Array): GreetingStep;
}

export class DialerHandshake implements Handshake {
  readonly opening: Uint8Array;

  constructor(private readonly party: GreetingParty) {
    this.opening = encodeHello(party.identity, randomBytes(GREETING_LIMITS.nonceBytes));
  }

  receive(frame: Uint8Array): GreetingStep {
    const greeting = decodeGreeting(frame);
    if (greeting.kind !== 'welcome') return unexpected(greeting);
    const refusal = misfit(this.party.identity, greeting.identity);
    if (refusal !== null) return refusal;
    const transcript = { hello: this.opening, welcome: greeting.covered };
    if (!proofMatches(greeting.proof, linkProof(this.party.secret, 'listener', transcript)))
      return otherSecret();
    const confirm = encodeConfirm(linkProof(this.party.secret, 'dialer', transcript));
    return proven(this.party, 'dialer', greeting.identity, transcript, confirm);
  }
}

export class ListenerHandshake implements Handshake {
  readonly opening = null;
  private greeted: { readonly identity: NodeIdentity; readonly transcript: Transcript } | null = null;

  constructor(private readonly party: GreetingParty) {}

  receive(frame: Uint8Array): GreetingStep {
    const greeting = decodeGreeting(frame);
    if (this.greeted === null) {
      return greeting.kind === 'hello' ? this.welcome(greeting.identity, frame) : unexpected(greeting);
    }
    if (greeting.kind !== 'confirm') return unexpected(greeting);
    const { identity, transcript } = this.greeted;
    if (!proofMatches(greeting.proof, linkProof(this.party.secret, 'dialer', transcript)))
      return otherSecret();
    return proven(this.party, 'listener', identity, transcript, null);
  }

  private welcome(dialer: NodeIdentity, hello: Uint8Array): GreetingStep {
    const refusal = misfit(this.party.identity, dialer);
    if (refusal !== null) return refusal;
    const welcome = encodeWelcome(this.party.identity, randomBytes(GREETING_LIMITS.nonceBytes));
    const transcript = { hello, welcome };
    this.greeted = { identity: dialer, transcript };
    return {
      kind: 'reply',
      frame: completeWelcome(welcome, linkProof(this.party.secret, 'listener', transcript)),
    };
  }
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
  party: GreetingParty,
  role: GreetingRole,
  identity: NodeIdentity,
  transcript: Transcript,
  frame: Uint8Array | null,
): GreetingStep {
  const seal = party.secret === null ? null : new FrameSeal(party.secret, role, transcript);
  return { kind: 'proven', identity, seal, frame };
}

function unexpected(greeting: Greeting): GreetingStep {
  if (greeting.kind === 'reject') return { kind: 'rejected', code: greeting.code };
  if (greeting.kind === 'junk') return greeting;
  if (greeting.kind !== 'other-protocol') return { kind: 'junk', problem: `unexpected ${greeting.kind}` };
  return refused('protocol', `it speaks protocol ${greeting.protocolVersion}, this node ${PROTOCOL_VERSION}`);
}
