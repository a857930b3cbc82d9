// Which methods each path offers, learnt from the routes as they are registered. The router itself only knows "not
// found"; this tells a wrong method (405) from a wrong path (404).

export class AllowedMethods {
  private readonly byPath = new Map<string, Set<string>>();

  /** `route` as registered; a last segment of `*` or `:name` stands for any rest. */
  add(route: string, methods: string | readonly string[]): void {
    const path = route.replace(/\/(?:\*|:\w+)$/, '/*');
    const known = this.byPath.get(path) ?? new Set<string>();
    this.byPath.set(path, known);
    for (const method of typeof methods === 'string' ? [methods] : methods) known.add(method);
  }

  /** The methods of a routed path, for an Allow header; null when nothing is there. */
  of(path: string): string | null {
    const methods = this.byPath.get(path) ?? this.ofWildcard(path);
    return methods === undefined ? null : [...methods, 'OPTIONS'].sort().join(', ');
  }

  private ofWildcard(path: string): Set<string> | undefined {
    for (const [pattern, methods] of this.byPath) {
      if (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1))) return methods;
    }
    return undefined;
  }
}
