// Which methods each path offers, learnt from the routes as they are registered. The router itself
// only knows "not found". This tells a wrong method (405) from a wrong path (404).

export class AllowedMethods {
  private readonly routes = new Map<string, { readonly path: RegExp; readonly methods: Set<string> }>();

  /** `route` as registered: `:name` stands for one segment, a trailing `*` for any rest. */
  add(route: string, methods: string | readonly string[]): void {
    const known = this.routes.get(route) ?? { path: pathPattern(route), methods: new Set<string>() };
    this.routes.set(route, known);
    for (const method of typeof methods === 'string' ? [methods] : methods) known.methods.add(method);
  }

  /** The methods of a routed path, for an Allow header; null when nothing is there. */
  of(path: string): string | null {
    for (const route of this.routes.values()) {
      if (route.path.test(path)) return [...route.methods, 'OPTIONS'].sort().join(', ');
    }
    return null;
  }
}

function pathPattern(route: string): RegExp {
  const literal = route.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/:\w+/g, '[^/]+').replace(/\*$/, '.*')}$`);
}
