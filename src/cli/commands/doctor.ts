// `repram doctor`: asks real nodes, compares what they say, and tells what is wrong in sentences.
import { readNodeSettings } from '../../config/read-settings';
import type { Context } from '../context';
import { checkNamedPeers, checkNames } from '../doctor/check-addresses';
import { checkClock } from '../doctor/check-clock';
import { checkCluster } from '../doctor/check-cluster';
import type { Check, Finding, Scene } from '../doctor/finding';
import { findingLines, summaryOf } from '../doctor/finding-text';
import { checkFlux } from '../doctor/check-flux';
import { checkPorts } from '../doctor/check-ports';
import { checkSecret } from '../doctor/check-secret';
import { checkSettings } from '../doctor/check-settings';
import { checkSight } from '../doctor/check-sight';
import { checkState } from '../doctor/check-state';
import type { Ending } from '../exit-codes';
import { distinctNodes, survey } from '../network/survey';

/** From what everything else depends on to what depends on everything. */
const CHECKS: readonly Check[] = [
  checkSettings,
  checkPorts,
  checkCluster,
  checkSecret,
  checkSight,
  checkClock,
  checkNames,
  checkNamedPeers,
  checkFlux,
  checkState,
];

const PLACE_LIMIT_MS = 3000;

export async function doctor(context: Context): Promise<Ending> {
  const found: Finding[] = [];
  const scene = await sceneOf(context);
  for (const check of CHECKS) {
    const some = await check(scene);
    found.push(...some);
    if (!context.isJson) for (const finding of some) await tell(context, finding);
  }
  const isWell = !found.some(({ verdict }) => verdict === 'problem');
  if (context.isJson) await context.document({ well: isWell, findings: found });
  else await context.line(`\n${summaryOf(found)}`);
  return isWell ? 'done' : 'failed';
}

async function sceneOf(context: Context): Promise<Scene> {
  const limitMs = Math.min(context.limitMs, PLACE_LIMIT_MS);
  const places = await survey(context.nodes.urls, { limitMs, stop: context.stop });
  return { context, places, nodes: distinctNodes(places), settings: readNodeSettings() };
}

async function tell({ line, paint, streams }: Context, finding: Finding): Promise<void> {
  const columns = streams.isTerminal ? streams.columns() : Infinity;
  for (const each of findingLines(finding, paint, columns)) await line(each);
}
