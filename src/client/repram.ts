// The client's face: one method for each call.
import type { Change, Metadata, Peers, Status, Stored, StreamedValue, Value } from './answers';
import { RepramError } from './errors';
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

export class Repram {
  /** @throws RepramError `argument-invalid` */
  constructor(private readonly options: RepramOptions) {}

  /** A new random key for `encryptionKey`, 32 bytes. */
  static generateEncryptionKey(): Uint8Array {
    return crypto.getRandomValues(new Uint8Array(32));
  }

  /** Addresses known now, the one in use first. */
  get nodes(): readonly string[] {
    return typeof this.options.nodes === 'string' ? [this.options.nodes] : this.options.nodes;
  }

  put(_key: Key, _value: ValueSource, _options: PutOptions): Promise<Stored> {
    return missing();
  }

  /** Null when nothing is stored under the key, or it has expired. */
  get(_key: Key, _options: GetOptions = {}): Promise<Value | null> {
    return missing();
  }

  stream(_key: Key, _options: GetOptions = {}): Promise<StreamedValue | null> {
    return missing();
  }

  has(_key: Key, _options: CallOptions = {}): Promise<boolean> {
    return missing();
  }

  head(_key: Key, _options: GetOptions = {}): Promise<Metadata | null> {
    return missing();
  }

  keys(_options: KeysOptions = {}): AsyncIterable<string> {
    throw new RepramError('no-node', 'not there yet');
  }

  watch(_options: WatchOptions = {}): AsyncIterable<Change> {
    throw new RepramError('no-node', 'not there yet');
  }

  peers(_options: CallOptions = {}): Promise<Peers> {
    return missing();
  }

  status(_options: CallOptions = {}): Promise<Status> {
    return missing();
  }
}

function missing(): Promise<never> {
  return Promise.reject(new RepramError('no-node', 'not there yet'));
}
