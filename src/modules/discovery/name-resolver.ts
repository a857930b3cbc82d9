// Resolves host names with a limit. The system's resolver cannot be cancelled and occupies one of a
// few threads while it hangs. So a name is never asked for again while its last question is open.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Resolves to every address of a name; rejects when there is none. */
export type Lookup = (name: string) => Promise<readonly { readonly address: string }[]>;

const systemLookup: Lookup = (name) => lookup(name, { all: true });

export class NameResolver {
  private readonly open = new Map<string, Promise<readonly string[]>>();

  constructor(
    private readonly limitMs: number,
    private readonly ask: Lookup = systemLookup,
  ) {}

  /**
   * The addresses of a name or IP literal. Empty when it has none or no answer came within the
   * limit.
   */
  async addresses(name: string): Promise<readonly string[]> {
    if (isIP(name) !== 0) return [name];
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<readonly string[]>((resolve) => {
      limit = setTimeout(() => resolve([]), this.limitMs);
    });
    const answer = await Promise.race([this.question(name), late]);
    clearTimeout(limit);
    return answer;
  }

  private question(name: string): Promise<readonly string[]> {
    const before = this.open.get(name);
    if (before !== undefined) return before;
    const question = this.ask(name)
      .then(
        (found) => [...new Set(found.map((each) => each.address))],
        () => [],
      )
      .finally(() => this.open.delete(name));
    this.open.set(name, question);
    return question;
  }
}
