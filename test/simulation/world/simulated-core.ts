// What the simulator drives: the product's CoreNode, or a deliberately broken one that a checker must catch.
import type { NodeIdentity } from '../../../src/core/base/identity';
import { CoreNode } from '../../../src/core/node/core-node';
import type { Entry } from '../../../src/core/store/entry';
import type { Now } from '../../../src/core/base/now';
import type { CoreSettings } from '../../../src/core/base/settings';

export type SimulatedCore = Pick<
  CoreNode,
  'handle' | 'tick' | 'read' | 'mustAsk' | 'members' | 'report' | 'liveKeys' | 'audit'
>;

export interface CoreOptions {
  readonly settings: CoreSettings;
  readonly identity: NodeIdentity;
  readonly seed: number;
  readonly now: Now;
  /** Called for each value that became readable, and for each whose deadline was reached. */
  readonly onStored?: (entry: Entry) => void;
  readonly onExpire?: (key: () => string) => void;
}

export type CoreFactory = (options: CoreOptions) => SimulatedCore;

export const productCore: CoreFactory = (options) => new CoreNode(options);
