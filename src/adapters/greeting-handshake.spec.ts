import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { sealedFrame } from '../../test/support/core/sealed-frame';
import type { NodeIdentity } from '../core/base/identity';
import { decodeGreeting, encodeAdmit, encodeConfirm, GREETING_BYTES_MIN } from '../core/wire/greeting';
import { DialerHandshake, ListenerHandshake, type GreetingStep } from './greeting-handshake';
import type { FrameSeal } from './link-proof';

const identity = (digit: string, cluster = 'repram'): NodeIdentity => ({
  id: digit.repeat(16),
  name: `node-${digit}`,
  cluster,
  hostId: 'host',
  listenPort: 18_081,
  advertisedPort: 18_081,
  addresses: [],
});
const party = (
  digit: string,
  secret: string | null = null,
  cluster = 'repram',
  channel: Buffer | null = null,
) => ({
  identity: identity(digit, cluster),
  key: secret === null ? null : createHash('sha256').update(secret).digest(),
  channel,
});

/** The frame of a step; an empty one, which is junk, where there is none. */
function frameOf(step: GreetingStep): Uint8Array {
  return ('frame' in step ? step.frame : null) ?? new Uint8Array(0);
}

type Place = 'hello' | 'welcome' | 'confirm' | 'admit';

/** Greets to the end; `tamper` may change a frame on its way. Answers the last step of each end. */
function greetAll(
  dialer: DialerHandshake,
  listener: ListenerHandshake,
  tamper: (frame: Uint8Array, at: Place) => Uint8Array = (frame) => frame,
): { dialer: GreetingStep; listener: GreetingStep } {
  const welcome = listener.receive(tamper(dialer.opening, 'hello'));
  const confirm = dialer.receive(tamper(frameOf(welcome), 'welcome'));
  if (welcome.kind !== 'reply' || confirm.kind !== 'reply') return { dialer: confirm, listener: welcome };
  const admit = listener.receive(tamper(confirm.frame, 'confirm'));
  return { dialer: dialer.receive(tamper(frameOf(admit), 'admit')), listener: admit };
}

function sealsOf(secret: string): [FrameSeal, FrameSeal] {
  const ends = greetAll(new DialerHandshake(party('a', secret)), new ListenerHandshake(party('b', secret)));
  if (ends.dialer.kind !== 'proven' || ends.listener.kind !== 'proven') throw new Error('not proven');
  if (ends.dialer.seal === null || ends.listener.seal === null) throw new Error('no seal');
  return [ends.dialer.seal, ends.listener.seal];
}

describe('the greeting', () => {
  it.each([null, 'a secret'])('introduces both ends to each other with the secret %p', (secret) => {
    const ends = greetAll(new DialerHandshake(party('a', secret)), new ListenerHandshake(party('b', secret)));
    expect(ends.dialer).toMatchObject({ kind: 'proven', identity: identity('b') });
    expect(ends.listener).toMatchObject({ kind: 'proven', identity: identity('a') });
  });

  it.each([
    ['another', 'secret', 'one'],
    ['none', null, 'one'],
    ['one where none is', 'one', null],
  ])('refuses a dialer with %s secret at both ends', (_title, dialers, listeners) => {
    const ends = greetAll(
      new DialerHandshake(party('a', dialers)),
      new ListenerHandshake(party('b', listeners)),
    );
    expect(ends.listener).toMatchObject({ kind: 'refused', code: 'other-secret' });
    expect(ends.dialer).toMatchObject({ kind: 'rejected', code: 'other-secret' });
  });

  it('says nothing that depends on the secret before the dialer has proven it', () => {
    const { opening } = new DialerHandshake(party('a', 'a guess'));
    const lengths = ['one', 'another', null].map((secret) => {
      const step = new ListenerHandshake(party('b', secret)).receive(opening);
      if (step.kind !== 'reply') throw new Error('no welcome');
      expect(Object.keys(decodeGreeting(step.frame)).sort()).toEqual(['identity', 'kind', 'nonce']);
      return step.frame.length;
    });
    expect(new Set(lengths).size).toBe(1);
  });

  it('refuses a listener that admits without knowing the secret', () => {
    const dialer = new DialerHandshake(party('a', 'one'));
    const impostor = new ListenerHandshake(party('b', 'a guess'));
    dialer.receive(frameOf(impostor.receive(dialer.opening)));
    for (const admit of [encodeAdmit(new Uint8Array(0)), encodeAdmit(new Uint8Array(32))]) {
      expect(dialer.receive(admit)).toMatchObject({ kind: 'refused', code: 'other-secret' });
    }
  });

  it('binds the proof to the channel it crosses: another one, or a bare socket, and it is none', () => {
    const [one, another] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const met = (dialers: Buffer | null, listeners: Buffer | null): string =>
      greetAll(
        new DialerHandshake(party('a', 's', 'repram', dialers)),
        new ListenerHandshake(party('b', 's', 'repram', listeners)),
      ).listener.kind;
    expect(met(one, one)).toBe('proven');
    expect([met(one, another), met(one, null), met(null, one)]).toEqual(['refused', 'refused', 'refused']);
  });

  it('refuses other clusters and oneself', () => {
    const other = greetAll(
      new DialerHandshake(party('a')),
      new ListenerHandshake(party('b', null, 'another')),
    );
    expect(other.listener).toMatchObject({ kind: 'refused', code: 'other-cluster' });
    expect(other.dialer).toEqual({ kind: 'rejected', code: 'other-cluster' });
    const self = greetAll(new DialerHandshake(party('a')), new ListenerHandshake(party('a')));
    expect(self.dialer).toEqual({ kind: 'rejected', code: 'self' });
  });

  it('refuses a dialer that confirms without knowing the secret', () => {
    const listener = new ListenerHandshake(party('b', 'one'));
    listener.receive(new DialerHandshake(party('a', 'one')).opening);
    expect(listener.receive(encodeConfirm(new Uint8Array(0)))).toMatchObject({
      kind: 'refused',
      code: 'other-secret',
    });
  });

  it('refuses a confirm recorded from an earlier greeting', () => {
    const recorded: Uint8Array[] = [];
    greetAll(new DialerHandshake(party('a', 's')), new ListenerHandshake(party('b', 's')), (frame, at) => {
      if (at === 'hello' || at === 'confirm') recorded.push(frame);
      return frame;
    });
    const listener = new ListenerHandshake(party('b', 's'));
    listener.receive(recorded[0]);
    expect(listener.receive(recorded[1])).toMatchObject({ kind: 'refused', code: 'other-secret' });
  });

  it('notices whatever a man in the middle changes, padding included', () => {
    const places = ['hello', 'welcome', 'confirm', 'admit'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.nat(GREETING_BYTES_MIN),
        fc.integer({ min: 1, max: 255 }),
        (place, at, change) => {
          const dialer = new DialerHandshake(party('a', 's'));
          const ends = greetAll(dialer, new ListenerHandshake(party('b', 's')), (frame, now) => {
            if (now !== place) return frame;
            const changed = frame.slice();
            changed[at % frame.length] ^= change;
            return changed;
          });
          expect((place === 'admit' ? ends.dialer : ends.listener).kind).not.toBe('proven');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('answers junk and frames out of turn without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), (bytes) => {
        expect(new ListenerHandshake(party('b')).receive(bytes).kind).toBe('junk');
        expect(new DialerHandshake(party('a')).receive(bytes).kind).toBe('junk');
      }),
    );
    const listener = new ListenerHandshake(party('b'));
    const { opening } = new DialerHandshake(party('a'));
    listener.receive(opening);
    expect(listener.receive(opening)).toEqual({ kind: 'junk', problem: 'unexpected hello' });
  });
});

describe('a sealed frame', () => {
  const frame = Buffer.from('a frame');

  it('opens at the other end, in order, in both directions', () => {
    const [dialer, listener] = sealsOf('s');
    for (let round = 0; round < 3; round += 1) {
      expect(listener.open(sealedFrame(dialer, frame))).toEqual(frame);
      expect(dialer.open(sealedFrame(listener, frame))).toEqual(frame);
    }
    expect(listener.open(sealedFrame(dialer, new Uint8Array(0)))).toHaveLength(0);
  });

  it('does not open twice, out of order, or where it was made', () => {
    const [dialer, listener] = sealsOf('s');
    const [first, second] = [sealedFrame(dialer, frame), sealedFrame(dialer, frame)];
    expect(listener.open(second)).toBeNull();
    expect(listener.open(first)).not.toBeNull();
    expect(listener.open(first)).toBeNull();
    expect(dialer.open(first)).toBeNull();
  });

  it('does not open on another link of the same two nodes', () => {
    expect(sealsOf('s')[1].open(sealedFrame(sealsOf('s')[0], frame))).toBeNull();
  });

  it('does not open with any bit changed or any byte missing', () => {
    const [dialer, listener] = sealsOf('s');
    const sealed = sealedFrame(dialer, frame);
    for (let at = 0; at < sealed.length; at += 1) {
      const flipped = Buffer.from(sealed);
      flipped[at] ^= 1 << (at % 8);
      expect(listener.open(flipped)).toBeNull();
      expect(listener.open(sealed.subarray(0, at))).toBeNull();
    }
    expect(listener.open(sealed)).toEqual(frame);
  });
});
