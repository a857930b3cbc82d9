// How many requests were answered with each problem code since the start. It hangs on the Fastify
// instance. So every place that answers a problem reaches the counts of its own node, and requests
// that go well pay nothing. It also knows who this node is, which every problem says.
import type { Socket } from 'node:net';
import type {} from 'fastify';
import type { ProblemCode } from './problem-codes';

/** Who answers, for a prober that was refused and must know a node all the same. */
export interface Signature {
  readonly 'x-repram-node': string;
  readonly 'x-repram-cluster': string;
}

export function signatureOf({ id, cluster }: { readonly id: string; readonly cluster: string }): Signature {
  return { 'x-repram-node': id, 'x-repram-cluster': cluster };
}

export class ProblemCounts {
  /** Told of each problem that is written to a bare socket: no response has it. */
  onBare: (socket: Socket, code: ProblemCode, detail: string) => void = () => undefined;

  /** @param signature on every problem of this node */
  constructor(readonly signature: Signature | null = null) {}

  /** Its header lines, each with its line break. */
  get signatureLines(): string {
    const fields = Object.entries(this.signature ?? {}) as [string, string][];
    return fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

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
