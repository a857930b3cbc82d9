// The last writer wins, by the clocks of the nodes. A write that is stamped too far ahead is
// refused.
import { numberOf } from '../network/facts';
import type { SurveyedNode } from '../network/survey';
import { secondsText } from '../output/text';
import { called, findings, type Finding, type Scene } from './finding';

const { ok, warning, problem } = findings('clock');

/** As in the alert of docs/operations.md. */
const NOTABLE_MS = 5000;
const OFFSET_MAX_MS = 10_000;
const SERVICE = 'Run a time service (chrony, systemd-timesyncd) on both machines.';

export function checkClock({ nodes }: Scene): Finding[] {
  if (nodes.length === 0) return [];
  const found = [...between(nodes), ...beside(nodes), ...nodes.flatMap(refused)];
  return found.length > 0 ? found : [ok('The clocks of the nodes and of this machine agree.')];
}

/** The two that differ most. */
function between(nodes: readonly SurveyedNode[]): Finding[] {
  const told = nodes.filter(({ clockAheadMs }) => clockAheadMs !== null);
  const sorted = [...told].sort((a, b) => numberOf(a.clockAheadMs) - numberOf(b.clockAheadMs));
  const [slowest, fastest] = [sorted.at(0), sorted.at(-1)];
  if (slowest === undefined || fastest === undefined) return [];
  const apartMs = numberOf(fastest.clockAheadMs) - numberOf(slowest.clockAheadMs);
  if (apartMs < NOTABLE_MS) return [];
  const most = numberOf(slowest.status.config.clock_offset_max_ms) || OFFSET_MAX_MS;
  const sentence = `The clock of ${called(fastest)} is ${secondsText(apartMs / 1000)} ahead of that of ${called(slowest)}.`;
  if (apartMs < most) return [warning(sentence, SERVICE)];
  return [problem(`${sentence} Writes of the first are refused by the second.`, SERVICE)];
}

function beside(nodes: readonly SurveyedNode[]): Finding[] {
  const off = nodes.find(({ clockAheadMs }) => Math.abs(numberOf(clockAheadMs)) >= NOTABLE_MS);
  if (off === undefined || nodes.some(({ clockAheadMs }) => Math.abs(numberOf(clockAheadMs)) < NOTABLE_MS))
    return [];
  const byMs = numberOf(off.clockAheadMs);
  const way = byMs > 0 ? 'ahead of' : 'behind';
  return [
    warning(
      `The clock of ${called(off)} is ${secondsText(Math.abs(byMs) / 1000)} ${way} the one of this machine.`,
      SERVICE,
    ),
  ];
}

function refused(node: SurveyedNode): Finding[] {
  const { refusedVersions } = node.status;
  if (refusedVersions === 0) return [];
  const sentence = `${called(node)} has refused ${refusedVersions} versions that were stamped too far ahead of its clock.`;
  return [warning(sentence, SERVICE)];
}
