// An acknowledged write survives any number of crashes, one after the other, each when all are
// ready again: ready means that what the others hold is held. Only where every ready node can reach
// every other.
import type { World } from '../world/world';
import type { Checker } from './checker';
import { Durable } from './durable';

export class Successive implements Checker {
  readonly name = 'successive';
  readonly isOptional = true;
  private readonly durable = new Durable(({ crashes }) =>
    crashes.filter(({ wasWhole }) => wasWhole).map(({ atMs }) => atMs),
  );

  ended(world: World): string[] {
    return this.durable.ended(world);
  }
}
