// How many requests were answered with each problem code since the start. It hangs on the Fastify
// instance. So every place that answers a problem reaches the counts of its own node, and requests
// that go well pay nothing.
import type {} from 'fastify';
import type { ProblemCode } from './problem-codes';

export class ProblemCounts {
  private readonly counts = new Map<ProblemCode, number>();

  add(code: ProblemCode): void {
    this.counts.set(code, this.of(code) + 1);
  }

  of(code: ProblemCode): number {
    return this.counts.get(code) ?? 0;
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly problemCounts: ProblemCounts;
  }
}
