import { describeDataEngine } from '../support/fakes/data-engine-contract';
import { FakeEngine } from '../support/fakes/fake-engine';

describeDataEngine('the fake engine', () => {
  const engine = new FakeEngine();
  return Promise.resolve({ engine, close: () => engine.close() });
});
