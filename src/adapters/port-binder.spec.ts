import { createServer, type Server } from 'node:net';
import { portRange } from '../../test/support/processes/ports';
import { claimPort, portOrder, type PortClaim } from './port-binder';

describe('portOrder', () => {
  it.each([
    [8081, 4, 1, [8081, 8082, 8083, 8084]],
    [8081, 4, 3, [8083, 8081, 8082, 8084]],
    [8081, 4, 4, [8084, 8081, 8082, 8083]],
    [8081, 2, 5, [8081, 8082]],
    [65_534, 10, 1, [65_534, 65_535]],
    [8081, 1, 1, [8081]],
  ])(
    'from %i, %i ports, node %i: its own port first, then the range, none twice',
    (base, max, index, order) => {
      expect(portOrder(base, max, index)).toEqual(order);
    },
  );
});

describe('claimPort', () => {
  const open: Server[] = [];

  async function listen(port: number): Promise<void> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: '127.0.0.1' }, resolve);
    });
    open.push(server);
  }

  async function release(port: number): Promise<void> {
    const at = open.findIndex((server) => (server.address() as { port: number }).port === port);
    const [server] = open.splice(at, 1);
    await new Promise((resolve) => server.close(resolve));
  }

  const claimOf = (candidates: number[], changes: Partial<PortClaim> = {}): PortClaim => ({
    candidates,
    listen,
    release,
    greetSelf: () => Promise.resolve('self'),
    describe: (port) => Promise.resolve(`squatter ${port}`),
    ...changes,
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  it('takes the first free port and skips the one a squatter holds', async () => {
    const base = await portRange(3);
    await listen(base);
    expect(await claimPort(claimOf([base, base + 1, base + 2]))).toEqual({
      kind: 'claimed',
      port: base + 1,
      skipped: [base],
    });
  });

  it('gives a port back when someone else answers on it', async () => {
    const base = await portRange(2);
    const outcome = await claimPort(
      claimOf([base, base + 1], { greetSelf: (port) => Promise.resolve(port === base ? 'other' : 'self') }),
    );
    expect(outcome).toEqual({ kind: 'claimed', port: base + 1, skipped: [base] });
    await listen(base);
  });

  it('tells of every port who holds it when none is free', async () => {
    const base = await portRange(3);
    await listen(base);
    const listenUnlessForbidden = async (port: number): Promise<void> => {
      if (port === base + 1) throw Object.assign(new Error('no'), { code: 'EACCES' });
      await listen(port);
    };
    const outcome = await claimPort(
      claimOf([base, base + 1, base + 2], {
        listen: listenUnlessForbidden,
        greetSelf: () => Promise.resolve('other'),
      }),
    );
    expect(outcome).toEqual({
      kind: 'taken',
      taken: [
        { port: base, reason: 'in-use', holder: `squatter ${base}` },
        { port: base + 1, reason: 'not-permitted', holder: 'not permitted' },
        { port: base + 2, reason: 'shared', holder: `squatter ${base + 2}` },
      ],
    });
  });

  it('lets exactly one of two claimants have a port claimed at the same instant', async () => {
    const base = await portRange(2);
    const outcomes = await Promise.all([1, 2].map(() => claimPort(claimOf([base, base + 1]))));
    const ports = outcomes.map((outcome) => (outcome.kind === 'claimed' ? outcome.port : 0));
    expect(ports.sort((a, b) => a - b)).toEqual([base, base + 1]);
  });

  it('tries no other port where this machine cannot reach itself, and gives the port back', async () => {
    const base = await portRange(2);
    const greetSelf = () => Promise.resolve({ unreachable: 'ENETUNREACH' });
    const outcome = await claimPort(claimOf([base, base + 1], { greetSelf }));
    expect(outcome).toEqual({ kind: 'unreachable', code: 'ENETUNREACH' });
    await listen(base);
  });

  it('does not take an address that is not ours for a port that is taken', async () => {
    const broken = Object.assign(new Error('no such address'), { code: 'EADDRNOTAVAIL' });
    const outcome = await claimPort(claimOf([18_081, 18_082], { listen: () => Promise.reject(broken) }));
    expect(outcome).toEqual({ kind: 'unbindable', code: 'EADDRNOTAVAIL', port: 18_081 });
  });
});
