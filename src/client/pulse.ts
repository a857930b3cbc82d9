// Whether a node that has nothing to say is still there. All that wait for one node share the
// question.
import { endsWithin, PROBLEM_BYTES_MAX } from './bounded';
import type { Fetch } from './settings';

/** A node that is quiet is asked so often. */
export const PULSE_MS = 1000;
/** For an answer. */
const ANSWER_MS = 700;
/** An answer counts for so long. */
const FRESH_MS = 500;

export class Pulse {
  private readonly asked = new Map<string, { readonly atMs: number; readonly answer: Promise<boolean> }>();

  constructor(private readonly fetch: Fetch) {}

  isThere(node: string): Promise<boolean> {
    const nowMs = performance.now();
    for (const [other, { atMs }] of this.asked)
      if (nowMs - atMs > FRESH_MS + ANSWER_MS) this.asked.delete(other);
    const last = this.asked.get(node);
    if (last !== undefined && nowMs - last.atMs < FRESH_MS) return last.answer;
    const answer = this.ask(node);
    this.asked.set(node, { atMs: nowMs, answer });
    return answer;
  }

  /** Says again and again whether the node is there. @returns what ends it */
  follow(node: string, told: (isThere: boolean) => void): () => void {
    const timer = setInterval(() => void this.isThere(node).then(told), PULSE_MS);
    return () => clearInterval(timer);
  }

  private async ask(node: string): Promise<boolean> {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), ANSWER_MS);
    try {
      const { signal } = controller;
      const response = await this.fetch(`${node}health/live`, { signal, credentials: 'omit' });
      return (await endsWithin(response, PROBLEM_BYTES_MAX)) && response.ok;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
