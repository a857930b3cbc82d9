// What can be read of a specification, however wrong the rest of it is, so that all problems can be
// told at once.
import { isObject } from './structure';

export interface Placed<T> {
  readonly place: string;
  readonly value: T;
}

export interface EnvironmentItem extends Placed<string> {
  readonly key: string;
  /** Behind the first "=". */
  readonly text: string;
}

export interface PortPair {
  readonly container: number;
  readonly host: number;
}

export interface ComponentView {
  readonly place: string;
  readonly name: string | null;
  /**
   * Numbers, and host ports in quotes as the numbers that the platform makes of them; lengths are
   * those of the lists as they stand.
   */
  readonly ports: readonly Placed<number>[];
  readonly containerPorts: readonly Placed<number>[];
  readonly domains: readonly Placed<string>[];
  readonly lengths: Readonly<Record<'ports' | 'containerPorts' | 'domains', number | null>>;
  /** Container port and host port of the same position, both of them numbers. */
  readonly pairs: readonly PortPair[];
  readonly environment: readonly EnvironmentItem[];
  readonly keys: Readonly<Record<string, unknown>>;
}

export interface SpecView {
  readonly keys: Readonly<Record<string, unknown>>;
  readonly components: readonly ComponentView[];
}

export function specView(document: unknown): SpecView {
  const keys = isObject(document) ? document : {};
  const compose: readonly unknown[] = Array.isArray(keys.compose) ? keys.compose : [];
  const components = compose.flatMap((component, index) =>
    isObject(component) ? [componentView(component, `$.compose[${index}]`)] : [],
  );
  return { keys, components };
}

function componentView(keys: Readonly<Record<string, unknown>>, place: string): ComponentView {
  const items = (key: string): readonly unknown[] => (Array.isArray(keys[key]) ? keys[key] : []);
  const placed = <T>(key: string, is: (value: unknown) => value is T): Placed<T>[] =>
    items(key).flatMap((value, index) => (is(value) ? [{ place: `${place}.${key}[${index}]`, value }] : []));
  const length = (key: string): number | null => (Array.isArray(keys[key]) ? keys[key].length : null);
  return {
    place,
    name: isText(keys.name) ? keys.name : null,
    ports: items('ports').flatMap((value, index) => {
      const port = hostPort(value);
      return port === null ? [] : [{ place: `${place}.ports[${index}]`, value: port }];
    }),
    containerPorts: placed('containerPorts', isNumber),
    domains: placed('domains', isText),
    lengths: {
      ports: length('ports'),
      containerPorts: length('containerPorts'),
      domains: length('domains'),
    },
    pairs: pairsOf(items('containerPorts'), items('ports')),
    environment: placed('environmentParameters', isText).flatMap(environmentItem),
    keys,
  };
}

function hostPort(value: unknown): number | null {
  if (isNumber(value)) return value;
  return isText(value) && /^\d{1,9}$/.test(value) ? Number(value) : null;
}

function pairsOf(containerPorts: readonly unknown[], ports: readonly unknown[]): PortPair[] {
  return containerPorts.flatMap((container, index) => {
    const host = hostPort(ports[index]);
    return isNumber(container) && host !== null ? [{ container, host }] : [];
  });
}

function environmentItem(item: Placed<string>): EnvironmentItem[] {
  const split = item.value.indexOf('=');
  if (split < 1) return [];
  return [{ ...item, key: item.value.slice(0, split), text: item.value.slice(split + 1) }];
}

/** The environment as the container gets it: of two items with one name the later one. */
export function variablesOf(component: ComponentView): Record<string, string> {
  return Object.fromEntries(component.environment.map(({ key, text }) => [key, text]));
}

export const isText = (value: unknown): value is string => typeof value === 'string';
export const isNumber = (value: unknown): value is number => typeof value === 'number';
