// Assertions stay on in production: a broken invariant must stop the node that broke it, not spread
// (TIGER_STYLE).

export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`);
}
