// Whether nodes listen where the specification says, and know their host ports.
import { warning, type Finding } from './finding';
import { advertisedPorts, portMapText } from './port-map';
import { portsFrom } from './ports';
import { ofVariable, type Subject } from './subject';

export const PORT_WARNINGS: readonly ((subject: Subject) => Finding[])[] = [
  unreachableRange,
  idlePorts,
  portMap,
];

function claimedPorts({ texts }: Subject): number[] {
  return portsFrom(Number(texts.BASE_PORT), Number(texts.MAX_PORTS));
}

function unreachableRange(subject: Subject): Finding[] {
  const exposed = new Set(subject.component.containerPorts.map(({ value }) => value));
  const hidden = claimedPorts(subject).filter((port) => !exposed.has(port));
  if (hidden.length === 0) return [];
  const { BASE_PORT, MAX_PORTS } = subject.texts;
  return [
    warning(
      `${subject.component.place}.containerPorts`,
      [...exposed],
      `nodes may claim BASE_PORT to BASE_PORT+MAX_PORTS-1 (${BASE_PORT}, ${MAX_PORTS} of them), but ${hidden.join(', ')} cannot be reached from outside`,
    ),
  ];
}

function idlePorts(subject: Subject): Finding[] {
  const { component, texts } = subject;
  const used = claimedPorts(subject).slice(0, Number(texts.NODE_COUNT));
  return component.containerPorts
    .filter(({ value }) => !used.includes(value))
    .map(({ place, value }) => {
      const rule = `no node listens there: NODE_COUNT ${texts.NODE_COUNT} from BASE_PORT ${texts.BASE_PORT} on; the port's gateway name answers nothing`;
      return warning(place, value, rule);
    });
}

function portMap(subject: Subject): Finding[] {
  const { component, given } = subject;
  const right = portMapText(component.pairs);
  const text = given.REPRAM_ADVERTISE_PORTS as string | undefined;
  if (text === undefined) {
    if (component.pairs.every(({ container, host }) => container === host)) return [];
    const rule = `nodes are not told their host ports and have to ask the platform's API for them; set ${right}`;
    return [ofVariable(subject, 'REPRAM_ADVERTISE_PORTS', rule)];
  }
  const told = advertisedPorts(text);
  const agrees =
    told !== null && component.pairs.every(({ container, host }) => told.get(container) === host);
  if (agrees) return [];
  const rule = `it differs from containerPorts and ports, which are ${right}`;
  return [ofVariable(subject, 'REPRAM_ADVERTISE_PORTS', rule)];
}
