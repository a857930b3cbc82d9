// What a variable's text may be: class-validator decorators. Their message is the sentence an
// operator reads behind "allowed:". An empty text means "not given" and passes where a variable has
// no default.
import { ValidateBy } from 'class-validator/cjs/decorator/common/ValidateBy';
import {
  isBindAddress,
  isHost,
  isHostPattern,
  listItems,
  parseBaseUrl,
  parseCidr,
  parseHostPort,
  parsePortPairs,
  unreachableFor,
} from './addresses';

function rule(name: string, allowed: string, holds: (text: string) => boolean): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (text: unknown) => typeof text === 'string' && holds(text),
      defaultMessage: () => allowed,
    },
  });
}

/** Decimal digits only, within min..max (inclusive). */
export function WholeNumber(min: number, max: number, unit: string): PropertyDecorator {
  return rule('wholeNumber', `a whole number, ${min}..${max} ${unit}`, (text) => {
    return /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max;
  });
}

export function OneOf(...choices: readonly string[]): PropertyDecorator {
  return rule('oneOf', `one of ${choices.join(', ')}`, (text) => choices.includes(text));
}

export function Host(allowed: string): PropertyDecorator {
  return rule('host', allowed, (text) => text === '' || isHost(text));
}

export function BindAddress(allowed: string): PropertyDecorator {
  return rule('bindAddress', allowed, (text) => text === '' || isBindAddress(text));
}

/** An address of loopback is a matter of cross-checks.ts: there are hosts on loopback. */
export function ReachableHost(allowed: string): PropertyDecorator {
  const isReachable = (text: string): boolean => [null, 'loopback'].includes(unreachableFor(text));
  return rule('reachableHost', allowed, (text) => text === '' || (isHost(text) && isReachable(text)));
}

export function Name(lengthMax: number): PropertyDecorator {
  const pattern = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._-]{0,${lengthMax - 1}}$`);
  const allowed = `1..${lengthMax} letters, digits, dots, hyphens and underscores, beginning with a letter or digit`;
  return rule('name', allowed, (text) => text === '' || pattern.test(text));
}

export function Secret(lengthMax: number): PropertyDecorator {
  const allowed = `1..${lengthMax} characters without white space at either end`;
  return rule('secret', allowed, (text) => text.length <= lengthMax && text === text.trim());
}

export function HostPorts(): PropertyDecorator {
  const allowed = 'host:port or [IPv6]:port, separated by commas, ports 1..65535';
  return rule('hostPorts', allowed, (text) => listItems(text).every((item) => parseHostPort(item) !== null));
}

function areCidrs(text: string): boolean {
  return listItems(text).every((item) => parseCidr(item) !== null);
}

export function Cidrs(): PropertyDecorator {
  return rule('cidrs', 'CIDR ranges such as 10.0.0.0/8,fd00::/8, separated by commas', areCidrs);
}

export function QuotaExempt(): PropertyDecorator {
  const allowed = 'none, or CIDR ranges such as 10.0.0.0/8, separated by commas';
  return rule('quotaExempt', allowed, (text) => text === 'none' || areCidrs(text));
}

export function TrustProxy(): PropertyDecorator {
  const allowed = 'true, false, or CIDR ranges such as 10.0.0.0/8, separated by commas';
  return rule('trustProxy', allowed, (text) => text === 'true' || text === 'false' || areCidrs(text));
}

export function HostPatterns(): PropertyDecorator {
  const allowed =
    'host names such as board.example, patterns such as *.example.org, or *, separated by commas';
  return rule('hostPatterns', allowed, (text) => listItems(text).every(isHostPattern));
}

export function BaseUrls(): PropertyDecorator {
  const allowed = 'http or https URLs without user, query and fragment, separated by commas';
  return rule('baseUrls', allowed, (text) => listItems(text).every((item) => parseBaseUrl(item) !== null));
}

export function PortPairs(): PropertyDecorator {
  const allowed =
    'container port:host port, separated by commas, ports 1..65535, each container port and each host port once';
  return rule('portPairs', allowed, (text) => text === '' || parsePortPairs(text) !== null);
}
