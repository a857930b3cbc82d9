// The client's face: one method for each call.
import type { Change, Metadata, Peers, Status, Stored, StreamedValue, Value } from './answers';
import { jsonWithin, REPORT_BYTES_MAX } from './bounded';
import type { Outcome, Try } from './call';
import { checkCallOptions } from './checks';
import { judge, notOurs } from './judgement';
import { pagesOfKeys } from './listing';
import { Network } from './network';
import { Reads } from './reads';
import { readSettings } from './settings';
import { OwnWrites } from './versions';
import { Watching } from './watching';
import { Writes } from './writes';
import type {
  CallOptions,
  GetOptions,
  Key,
  KeysOptions,
  PutOptions,
  RepramOptions,
  ValueSource,
  WatchOptions,
} from './options';
import { Encryption } from './encryption';

export class Repram {
  private readonly network: Network;
  private readonly encryption: Encryption | null;
  private readonly reads: Reads;
  private readonly writes: Writes;

  /** @throws RepramError `argument-invalid` */
  constructor(options: RepramOptions) {
    const settings = readSettings(options);
    this.encryption = settings.encryption;
    this.network = new Network(settings);
    const own = new OwnWrites(() => performance.now());
    this.reads = new Reads(this.network, own, settings);
    this.writes = new Writes(this.network, own, this.encryption);
  }

  /** A new random key for `encryptionKey`, 32 bytes. */
  static generateEncryptionKey(): Uint8Array {
    return Encryption.generateKey();
  }

  /** Addresses known now, the one in use first. */
  get nodes(): readonly string[] {
    return this.network.roster.inOrder();
  }

  /** Stores a value for its time. Resolves when as many copies as `wait` asks for hold it. */
  async put(key: Key, value: ValueSource, options: PutOptions = {}): Promise<Stored> {
    checkCallOptions(options);
    return this.writes.put(key, value, options);
  }

  /** Null when nothing is stored under the key, or it has expired. */
  async get(key: Key, options: GetOptions = {}): Promise<Value | null> {
    checkCallOptions(options);
    return this.reads.get(key, options);
  }

  /** The same as `get`, for values that are read as they come. */
  async stream(key: Key, options: GetOptions = {}): Promise<StreamedValue | null> {
    checkCallOptions(options);
    return this.reads.stream(key, options);
  }

  async has(key: Key, options: GetOptions = {}): Promise<boolean> {
    checkCallOptions(options);
    return (await this.reads.head(key, options)) !== null;
  }

  /** What is known of a value, without it. */
  async head(key: Key, options: GetOptions = {}): Promise<Metadata | null> {
    checkCallOptions(options);
    return this.reads.head(key, options);
  }

  /** All keys with the prefix, in bytewise order of their UTF-8. */
  keys(options: KeysOptions = {}): AsyncIterable<string> {
    checkCallOptions(options);
    return pagesOfKeys(this.network, options);
  }

  /**
   * What comes and what ends, as it happens. It ends when the loop is left, or with `aborted`. A
   * loop that waits for the next change is left by `signal` only.
   */
  watch(options: WatchOptions = {}): AsyncIterable<Change> {
    checkCallOptions(options);
    return new Watching(this.network, this.encryption, options).changes();
  }

  /** What the node in use knows of the others. */
  peers(options: CallOptions = {}): Promise<Peers> {
    return this.report<Peers>('peers', options);
  }

  /** The node in use. */
  status(options: CallOptions = {}): Promise<Status> {
    return this.report<Status>('status', options);
  }

  /** Ends what goes on in the background. Calls under way go on. */
  close(): void {
    this.network.close();
  }

  private async report<T extends { readonly node_id: string }>(
    path: string,
    options: CallOptions,
  ): Promise<T> {
    checkCallOptions(options);
    const attempt = async (it: Try): Promise<Outcome<T>> => {
      const response = await this.network.ask(it, { path });
      if (!response.ok) return judge(response, it.node);
      const body = await jsonWithin(response, REPORT_BYTES_MAX);
      const isReport = typeof body === 'object' && body !== null && 'node_id' in body;
      return isReport ? { kind: 'done', value: body as T } : notOurs(response, it.node);
    };
    return this.network.call(attempt, this.network.limitsFor(options), options.signal);
  }
}
