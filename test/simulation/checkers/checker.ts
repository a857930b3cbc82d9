// What a checker may look at. Each returns what is wrong, null or nothing when all is well.
import type { Endpoint } from '../../../src/core/base/identity';
import type { Notification } from '../../../src/core/base/effects';
import type { Version } from '../../../src/core/base/version';
import type { Denial, Description, Sighting, Write } from '../run/history';
import type { SimNode } from '../world/sim-node';
import type { Step } from '../world/surroundings';
import type { World } from '../world/world';

export interface Checker {
  readonly name: string;
  /** Binds only where a scenario says so. */
  readonly isOptional?: boolean;
  /** A reader was given this record. */
  saw?(sighting: Sighting, world: World): string | null;
  /** A reader was told of this version, without its value. */
  described?(description: Description, world: World): string | null;
  /** A reader was given nothing, and not told to ask elsewhere. */
  missed?(node: SimNode, key: string, world: World): string | null;
  /** A reader was told that there is nothing, by this node itself or after it asked others. */
  denied?(denial: Denial, world: World): string | null;
  sent?(node: SimNode, frame: Uint8Array, world: World): string | null;
  /** One call of the core ended. */
  stepped?(node: SimNode, step: Step, world: World): string | null;
  notified?(node: SimNode, notification: Notification, world: World): string | null;
  dialled?(node: SimNode, endpoint: Endpoint, world: World): string | null;
  /** A client asks a node to take this write. */
  asked?(write: Write): string | null;
  settled?(write: Write, world: World): string | null;
  /** The write has got another stamp, or was over before it could; it had this one before. */
  restamped?(write: Write, before: Version, world: World): string | null;
  /** The core acted though nobody called it. */
  actedUnasked?(node: SimNode, what: string): string | null;
  /** Now and then during the run, and at its end. */
  sampled?(world: World): readonly string[];
  /** What must become empty within a bound once faults have ended. */
  unrest?(world: World): readonly string[];
  /** At the very end. */
  ended?(world: World): readonly string[];
}
