// What a node keeps of values that it has read from servers, or is writing there: nothing for
// longer than it takes, and no more at a time than it has room for.
// With servers of its own: one of them hangs.
import { until } from '../support/basics/until';
import { bytes, known } from '../support/fakes/engine-subject';
import { heldBytes } from '../support/processes/retained-memory';
import { portRange } from '../support/processes/ports';
import { RedisServer } from '../support/redis/redis-server';
import { openTestStore, type StoreUnderTest } from '../support/redis/store-engine';
import { describeWithRedis } from '../support/redis/with-redis';

const MEGABYTE = 1_048_576;
const VALUE = Buffer.alloc(MEGABYTE, 7);
const READS = 200;
const READERS = 6;

describeWithRedis('a node in front of a server', () => {
  let server: RedisServer;
  let store: StoreUnderTest;
  beforeEach(async () => {
    server = await RedisServer.start(await portRange(1));
    const room = { storageBytesMax: 8 * MEGABYTE, valueBytesMax: MEGABYTE };
    store = openTestStore(`redis://127.0.0.1:${server.port}`, room);
    await until(() => store.engine.state() === 'ready', 'the engine reaches it');
  });
  afterEach(async () => {
    store.close();
    await server.stop();
  });

  it('keeps no value that was answered, though its connection is never idle', async () => {
    const { engine } = store;
    await engine.put(bytes('k'), VALUE, 60_000, 'one');
    const before = heldBytes();
    let count = 0;
    let heldThen = 0;
    const read = async (): Promise<void> => {
      while (count < READS) {
        expect(known(await engine.get(bytes('k')))?.value).toHaveLength(MEGABYTE);
        count += 1;
        // The others wait for the server.
        if (count === READS) heldThen = heldBytes() - before;
      }
    };
    await Promise.all(Array.from({ length: READERS }, read));
    expect(heldThen).toBeLessThan(20 * MEGABYTE);
  });

  it('answers busy to writes beyond what it has room for while the server hangs', async () => {
    const { engine } = store;
    server.signal('SIGSTOP');
    const writes = Array.from({ length: 12 }, (_, at) => engine.put(bytes(`k${at}`), VALUE, 60_000, 'one'));
    const kinds = (await Promise.all(writes)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'busy')).toHaveLength(4);
    server.signal('SIGCONT');
    await until(
      async () => (await engine.put(bytes('k'), VALUE, 60_000, 'one')).kind === 'held',
      'room again',
    );
  });
});
