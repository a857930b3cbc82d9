import { describeDataEngine } from '../support/data-engine-contract';
import { FakeEngine } from '../support/fake-engine';

describeDataEngine('the fake engine', () => {
  const engine = new FakeEngine();
  return Promise.resolve({ engine, close: () => engine.close() });
});
