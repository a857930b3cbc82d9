import fc from 'fast-check';
import type { NodeIdentity } from '../core/membership/identity';
import { GREETING_BYTES_MIN } from '../core/wire/greeting';
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
const party = (digit: string, secret: string | null = null, cluster = 'repram') => ({
  identity: identity(digit, cluster),
  secret,
});

/** The frame of a step; an empty one, which is junk, where there is none. */
function frameOf(step: GreetingStep): Uint8Array {
  return ('frame' in step ? step.frame : null) ?? new Uint8Array(0);
}

/** Greets to the end; `tamper` may change a frame on its way. */
function greetAll(
  dialer: DialerHandshake,
  listener: ListenerHandshake,
  tamper: (frame: Uint8Array, at: 'hello' | 'welcome' | 'confirm') => Uint8Array = (frame) => frame,
): { dialer: GreetingStep; listener: GreetingStep } {
  const welcome = listener.receive(tamper(dialer.opening, 'hello'));
  const dialed = dialer.receive(tamper(frameOf(welcome), 'welcome'));
  if (welcome.kind !== 'reply') return { dialer: dialed, listener: welcome };
  return { dialer: dialed, listener: listener.receive(tamper(frameOf(dialed), 'confirm')) };
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
    expect(ends.dialer).toMatchObject({ kind: 'refused', code: 'other-secret' });
    expect(ends.listener).toMatchObject({ kind: 'rejected', code: 'other-secret' });
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
    const stranger = greetAll(new DialerHandshake(party('a')), new ListenerHandshake(party('b')));
    expect(listener.receive(frameOf(stranger.dialer))).toMatchObject({
      kind: 'refused',
      code: 'other-secret',
    });
  });

  it('refuses a confirm recorded from an earlier greeting', () => {
    const recorded: Uint8Array[] = [];
    greetAll(new DialerHandshake(party('a', 's')), new ListenerHandshake(party('b', 's')), (frame, at) => {
      if (at !== 'welcome') recorded.push(frame);
      return frame;
    });
    const listener = new ListenerHandshake(party('b', 's'));
    listener.receive(recorded[0]);
    expect(listener.receive(recorded[1])).toMatchObject({ kind: 'refused', code: 'other-secret' });
  });

  it('notices whatever a man in the middle changes, padding included', () => {
    const places = ['hello', 'welcome', 'confirm'] as const;
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
          expect(ends.listener.kind).not.toBe('proven');
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
      expect(listener.open(dialer.seal(frame))).toEqual(frame);
      expect(dialer.open(listener.seal(frame))).toEqual(frame);
    }
    expect(listener.open(dialer.seal(new Uint8Array(0)))).toHaveLength(0);
  });

  it('does not open twice, out of order, or where it was made', () => {
    const [dialer, listener] = sealsOf('s');
    const [first, second] = [dialer.seal(frame), dialer.seal(frame)];
    expect(listener.open(second)).toBeNull();
    expect(listener.open(first)).not.toBeNull();
    expect(listener.open(first)).toBeNull();
    expect(dialer.open(first)).toBeNull();
  });

  it('does not open on another link of the same two nodes', () => {
    expect(sealsOf('s')[1].open(sealsOf('s')[0].seal(frame))).toBeNull();
  });

  it('does not open with any bit changed or any byte missing', () => {
    const [dialer, listener] = sealsOf('s');
    const sealed = dialer.seal(frame);
    for (let at = 0; at < sealed.length; at += 1) {
      const flipped = Buffer.from(sealed);
      flipped[at] ^= 1 << (at % 8);
      expect(listener.open(flipped)).toBeNull();
      expect(listener.open(sealed.subarray(0, at))).toBeNull();
    }
    expect(listener.open(sealed)).toEqual(frame);
  });
});
