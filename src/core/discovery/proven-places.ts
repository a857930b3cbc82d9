// Where dials met peers, the latest last. Going there again is no search. Bounded: beyond the limit
// the oldest is forgotten.
import { endpointKey, type Endpoint } from '../base/identity';

export class ProvenPlaces {
  private readonly keys = new Set<string>();

  constructor(private readonly max: number) {}

  add(endpoint: Endpoint): void {
    const key = endpointKey(endpoint);
    this.keys.delete(key);
    this.keys.add(key);
    for (const oldest of this.keys) {
      if (this.keys.size <= this.max) return;
      this.keys.delete(oldest);
    }
  }

  has(endpoint: Endpoint): boolean {
    return this.keys.has(endpointKey(endpoint));
  }
}
