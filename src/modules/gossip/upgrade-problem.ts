// What a caller at /gossip is told that does not become a peer: a problem like any other.
import type { UpgradeRefusal } from '../../runtime/gossip-port';
import type { ProblemCode } from '../../http/problem-codes';
import type { SocketProblem } from '../../http/socket-problem';

const CODES: Readonly<Record<UpgradeRefusal['reason'], ProblemCode>> = {
  malformed: 'request-invalid',
  stranger: 'peer-refused',
  'other-channel': 'upgrade-required',
  leaving: 'draining',
  starting: 'busy',
  crowded: 'busy',
};

const RETRY_AFTER = 'Retry-After: 1\r\n';

export function upgradeProblem({ reason, detail, spoken }: UpgradeRefusal): SocketProblem {
  const upgrade = spoken === '' ? '' : `Upgrade: ${spoken}\r\n`;
  const isBrief = reason === 'leaving' || reason === 'starting' || reason === 'crowded';
  return { code: CODES[reason], detail, headers: `${upgrade}${isBrief ? RETRY_AFTER : ''}` };
}
