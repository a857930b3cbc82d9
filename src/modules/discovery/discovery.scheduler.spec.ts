import type { Endpoint } from '../../core/base/identity';
import type { CandidateSource } from './candidate-source';
import { DiscoveryScheduler } from './discovery.scheduler';

const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** A source whose answers come when the test lets them. */
class HeldSource {
  readonly name = 'held';
  private readonly waiting: ((endpoints: Endpoint[]) => void)[] = [];

  endpoints(): Promise<Endpoint[]> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  get asked(): number {
    return this.waiting.length;
  }

  answer(run: number, address: string): void {
    this.waiting[run]([{ address, port: 8081 }]);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('a refresh that is asked for meanwhile is over when what was known then is handed in', async () => {
  const source = new HeldSource();
  const handedIn: string[] = [];
  const port = {
    submit: (input: { endpoints?: readonly Endpoint[] }) =>
      handedIn.push(...(input.endpoints ?? []).map(({ address }) => address)),
  };
  const parts = [port, SILENT, source, source, source] as unknown as ConstructorParameters<
    typeof DiscoveryScheduler
  >;
  const scheduler = new DiscoveryScheduler(...parts);
  const asCandidates = source as unknown as CandidateSource;
  const first = scheduler.refresh(asCandidates);
  let isOver = false;
  const second = scheduler.refresh(asCandidates).then(() => (isOver = true));
  source.answer(0, 'before');
  await turn();
  expect([source.asked, isOver]).toEqual([2, false]);
  source.answer(1, 'after');
  await Promise.all([first, second]);
  expect(handedIn).toEqual(['before', 'after']);
  expect(source.asked).toBe(2);
});
