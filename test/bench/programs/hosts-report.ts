// The figures of the bench `hosts`: pure arithmetic on what the cables carried.
import type { Traffic } from '../machine/cables';
import { size, type Report, type Table } from '../report';

interface Run {
  /** Whether a write was relayed on the other hosts. */
  readonly relays: boolean;
  readonly traffic: Traffic;
  readonly seconds: number;
}

export type Idle = Run;

export interface Written extends Run {
  readonly valueBytes: number;
  readonly connections: number;
  readonly writes: number;
  /** Writes answered before all nodes held them. */
  readonly late: number;
}

/** What one write adds to what crosses anyway. */
export function perWrite({ traffic, seconds, writes }: Written, idle: Idle): Traffic {
  const added = (what: keyof Traffic): number =>
    (traffic[what] - (idle.traffic[what] / idle.seconds) * seconds) / writes;
  return { bytes: added('bytes'), packets: added('packets') };
}

export function hostsReport(idle: readonly Idle[], written: readonly Written[]): Report {
  return {
    tables: [writtenTable(idle, written), idleTable(idle)],
    notes: [
      'bytes and packets are those of the cables, acknowledgements and headers of Ethernet, IP and TCP included, less idle traffic; the kernel joins segments of a connection into packets of up to 64 KB',
      'copies: bytes per write divided by those of the value; each other host once would be 2, each other node of theirs 6',
      'without relays: nodes changed for this bench, which no setting does',
    ],
    data: { idle, written },
  };
}

function writtenTable(idle: readonly Idle[], written: readonly Written[]): Table {
  return {
    title: 'Between three hosts of three nodes, per write to one node',
    columns: ['', 'bytes', 'copies', 'packets', 'writes/s', 'answered before 9/9'],
    bars: ['copies'],
    rows: written.map((run) => {
      const { bytes, packets } = perWrite(run, idleOf(idle, run.relays));
      return [
        `${size(run.valueBytes)}, ${run.connections} at a time, ${named(run.relays)}`,
        Math.round(bytes).toString(),
        (bytes / run.valueBytes).toFixed(2),
        packets.toFixed(2),
        Math.round(run.writes / run.seconds).toString(),
        String(run.late),
      ];
    }),
  };
}

function idleTable(idle: readonly Idle[]): Table {
  return {
    title: 'Between the three hosts when nobody writes, per second',
    columns: ['', 'bytes', 'packets', 'measured for'],
    rows: idle.map(({ relays, traffic, seconds }) => [
      named(relays),
      Math.round(traffic.bytes / seconds).toString(),
      (traffic.packets / seconds).toFixed(1),
      `${seconds.toFixed(0)} s`,
    ]),
  };
}

function idleOf(idle: readonly Idle[], relays: boolean): Idle {
  const found = idle.find((each) => each.relays === relays);
  if (found === undefined) throw new Error('nothing was measured at rest');
  return found;
}

function named(relays: boolean): string {
  return relays ? 'relayed' : 'without relays';
}
