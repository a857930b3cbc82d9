// Every put and fetch is settled exactly once, within its timeout and some slack, as long as its
// node runs.
import type { Request } from '../run/history';
import type { World } from '../world/world';
import type { Checker } from './checker';

export class Settled implements Checker {
  readonly name = 'settled';
  private checkedWrites = 0;
  private checkedFetches = 0;

  settled(write: Request, world: World): string | null {
    if (write.settlements > 1) return `put ${write.requestId} was settled ${write.settlements} times`;
    return lateness(write, world);
  }

  sampled(world: World): string[] {
    const { writes, fetches } = world.history;
    const dueWrites = takeDue(writes, this.checkedWrites, world);
    const dueFetches = takeDue(fetches, this.checkedFetches, world);
    this.checkedWrites += dueWrites.length;
    this.checkedFetches += dueFetches.length;
    return [...dueWrites, ...dueFetches]
      .filter((request) => request.node.state !== 'gone' && request.settlements !== 1)
      .map(
        (request) =>
          `${request.node.identity.name} settled request ${request.requestId} ${request.settlements} times`,
      );
  }
}

/** The next requests, in order, whose time is up or whose node ended. */
function takeDue<T extends Request>(requests: readonly T[], from: number, world: World): T[] {
  const due: T[] = [];
  for (let i = from; i < requests.length; i += 1) {
    if (requests[i].node.state === 'paused' || !isDue(requests[i], world)) break;
    due.push(requests[i]);
  }
  return due;
}

function isDue(request: Request, world: World): boolean {
  return request.node.state === 'gone' || lateness(request, world) !== null;
}

function lateness(request: Request, world: World): string | null {
  const pausedMs = request.node.pausedMs - request.pausedMsWhenAsked;
  const lateMs = world.queue.nowMs - request.askedAtMs - pausedMs - request.boundMs;
  return lateMs > 0 ? `request ${request.requestId} was settled ${lateMs.toFixed(0)} ms late` : null;
}
