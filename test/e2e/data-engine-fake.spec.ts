// On gossip alone: it is the contract of the engine that tests have in place of gossip.
import { describeDataEngine } from '../support/fakes/data-engine-contract';
import { FakeEngine } from '../support/fakes/fake-engine';

describeDataEngine('the fake engine', () => {
  const engine = new FakeEngine();
  return Promise.resolve({ engine, close: () => engine.close() });
});
