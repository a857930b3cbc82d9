// What the warnings about the software look at: a component as its nodes see it.
import { warning, type Finding } from './finding';
import type { ComponentView } from './spec-view';

/** A component with the environment its nodes see, defaults filled in. */
export interface Subject {
  readonly component: ComponentView;
  readonly given: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
}

/** At the variable where it is set, else at the list that lacks it. */
export function ofVariable({ component, given }: Subject, name: string, rule: string): Finding {
  const item = component.environment.filter(({ key }) => key === name).at(-1);
  const place = item?.place ?? `${component.place}.environmentParameters`;
  return item === undefined
    ? warning(place, undefined, `${name}: ${rule}`)
    : warning(place, name.includes('SECRET') ? name : `${name}=${given[name]}`, rule);
}
