import { LargeReads } from './large-reads';

const KIB = 1024;

/** Fetches that end when the test says so. */
class Fetches {
  readonly begun: string[] = [];
  private readonly ends: { readonly name: string; readonly end: (error?: Error) => void }[] = [];

  of(name: string): () => Promise<Buffer> {
    return () => {
      this.begun.push(name);
      return new Promise((resolve, reject) => {
        const answer = Buffer.from(`${name} ${this.begun.length}`);
        const end = (error?: Error): void => (error === undefined ? resolve(answer) : reject(error));
        this.ends.push({ name, end });
      });
    };
  }

  /** The oldest of that name. */
  async end(name: string, error?: Error): Promise<void> {
    await turns();
    const at = this.ends.findIndex((each) => each.name === name);
    this.ends.splice(at, 1)[0].end(error);
    await turns();
  }
}

const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('large values', () => {
  let fetches: Fetches;
  let reads: LargeReads;
  beforeEach(() => {
    fetches = new Fetches();
    reads = new LargeReads(100 * KIB);
  });
  const read = (name: string, bytes = 40 * KIB): Promise<string> =>
    reads.read(name, bytes, fetches.of(name)).then(String);

  it('are fetched at once where there is room, and in their order as room is given back', async () => {
    const all = ['a', 'b', 'c', 'd'].map((name) => read(name));
    await turns();
    expect(fetches.begun).toEqual(['a', 'b']);
    await fetches.end('b');
    expect(fetches.begun).toEqual(['a', 'b', 'c']);
    for (const name of ['a', 'c', 'd']) await fetches.end(name);
    expect(await Promise.all(all)).toEqual(['a 1', 'b 2', 'c 3', 'd 4']);
  });

  it('are fetched once for all that ask before it began, and anew for who asks after that', async () => {
    const before = [read('a', 90 * KIB), read('b'), read('b'), read('b')];
    await fetches.end('a');
    expect(fetches.begun).toEqual(['a', 'b']);
    const after = read('b');
    await fetches.end('b');
    expect(await Promise.all(before)).toEqual(['a 1', 'b 2', 'b 2', 'b 2']);
    await fetches.end('b');
    expect(await after).toBe('b 3');
  });

  it('give their room back where they fail', async () => {
    const failing = read('a', 90 * KIB);
    const next = read('b', 90 * KIB);
    const failed = expect(failing).rejects.toThrow('lost');
    await fetches.end('a', new Error('lost'));
    await failed;
    await fetches.end('b');
    expect(await next).toBe('b 2');
  });

  it('that are larger than all there may be come alone', async () => {
    const all = [read('a'), read('huge', 500 * KIB), read('c')];
    await fetches.end('a');
    expect(fetches.begun).toEqual(['a', 'huge']);
    await fetches.end('huge');
    await fetches.end('c');
    expect(await Promise.all(all)).toEqual(['a 1', 'huge 2', 'c 3']);
  });

  it('are refused where too many wait', async () => {
    void read('first', 100 * KIB);
    for (let at = 0; at < 1024; at += 1) void read(`waiting ${at}`);
    await expect(read('one too many')).rejects.toThrow('more large values');
  });

  it('are not fetched for clients that have gone, but for one of several that has not', async () => {
    const clients = ['b', 'c', 'c'].map((name) => ({ name, destroyed: false }));
    const first = [read('a'), read('a', 60 * KIB)];
    const others = clients.map((client) =>
      reads
        .read(client.name, 40 * KIB, fetches.of(client.name), client)
        .then(String, (error: unknown) => (error as Error).name),
    );
    await turns();
    for (const client of clients.slice(0, 2)) client.destroyed = true;
    await fetches.end('a');
    await fetches.end('a');
    await fetches.end('c');
    expect(fetches.begun).toEqual(['a', 'a', 'c']);
    await Promise.all(first);
    expect(await Promise.all(others)).toEqual(['StoreBusy', 'c 3', 'c 3']);
  });
});
