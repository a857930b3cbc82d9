// What a checker may look at. Each returns what is wrong, null or nothing when all is well.
import type { Endpoint } from '../../../src/core/membership/identity';
import type { Sighting, Write } from '../history';
import type { SimNode } from '../sim-node';
import type { World } from '../world';

export interface Checker {
  readonly name: string;
  /** A reader was given this record. */
  saw?(sighting: Sighting, world: World): string | null;
  /** A reader was given nothing. */
  missed?(node: SimNode, key: string, world: World): string | null;
  sent?(node: SimNode, frame: Uint8Array): string | null;
  dialled?(node: SimNode, endpoint: Endpoint, world: World): string | null;
  settled?(write: Write, world: World): string | null;
  /** Now and then during the run, and at its end. */
  sampled?(world: World): readonly string[];
  /** What must become empty within a bound once faults have ended. */
  unrest?(world: World): readonly string[];
  /** At the very end. */
  ended?(world: World): readonly string[];
}
