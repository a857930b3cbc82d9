// What the simulator drives: the product's CoreNode, or a deliberately broken one that a checker
// must catch.
import { CoreNode, type CoreNodeOptions } from '../../../src/core/node/core-node';

export type SimulatedCore = Pick<
  CoreNode,
  'handle' | 'tick' | 'read' | 'mustAsk' | 'others' | 'members' | 'report' | 'liveKeys' | 'changes' | 'audit'
>;

export type CoreFactory = (options: CoreNodeOptions) => SimulatedCore;

export const productCore: CoreFactory = (options) => new CoreNode(options);
