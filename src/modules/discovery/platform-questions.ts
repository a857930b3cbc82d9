// What the Flux platform is asked, and when an answer will do.
import { hostAddressOf, locationsOf, type Specification, specificationOf } from './platform-answers';

export interface Question<T> {
  readonly kind: 'location' | 'appspecifications' | 'hostinfo';
  /** `loopback` is the asker's own. */
  readonly meaning: (body: unknown, loopback?: string) => T | null;
  /** Whether the answer makes it needless to ask another base URL. */
  readonly says: (answer: T) => boolean;
}

export const LOCATIONS: Question<readonly string[]> = {
  kind: 'location',
  meaning: locationsOf,
  says: (addresses) => addresses.length > 0,
};
export const SPECIFICATION: Question<Specification> = {
  kind: 'appspecifications',
  meaning: specificationOf,
  says: () => true,
};
export const HOST_ADDRESS: Question<string> = { kind: 'hostinfo', meaning: hostAddressOf, says: () => true };
