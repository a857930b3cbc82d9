// What `repram doctor` says of ways between hosts that are blocked. The only way from host to host
// is a proxy on a hub that lets bytes vanish, and the doctor looks from that hub.
import { join } from 'node:path';
import { until } from '../support/basics/until';
import { possibleWith } from '../support/basics/possible';
import { HubHosts } from '../support/hosts/hub-hosts';
import { HubNetwork } from '../support/hosts/hub-network';
import type { LinkProxy } from '../support/hosts/link-proxy';
import { type } from '../support/processes/typed';

interface Finding {
  readonly check: string;
  readonly verdict: 'ok' | 'warning' | 'problem' | 'skipped';
  readonly sentence: string;
  readonly advice: string;
}

const CLI = join(__dirname, '../../dist/cli.js');
const PLACES = ['a', 'b', 'c'].map((host) => `${HubHosts.addressOf(host)}:10000-10001`).join(',');

const problem = HubHosts.problem();
const possible = possibleWith('network namespaces', problem);

describe('the doctor', () => {
  const network = new HubNetwork();
  let proxy: LinkProxy;
  beforeAll(async () => {
    if (problem === null) proxy = await network.startProxied();
  });
  beforeEach(async () => {
    if (problem !== null) return;
    for (const pair of ['ab', 'ac', 'bc'])
      await proxy.between(pair[0], pair[1], { swallow: false, cut: true });
    await untilFound('ok', /^Each node sees every other one\.$/);
  });
  afterAll(() => network.stop());

  async function diagnose(): Promise<Finding[]> {
    const program = [...HubHosts.withinHub(), process.execPath, CLI];
    const { out, errors } = await type(['doctor', '--json', '--node', PLACES], { program });
    expect(errors).toBe('');
    return (JSON.parse(out) as { findings: Finding[] }).findings;
  }

  async function untilFound(verdict: Finding['verdict'], sentence: RegExp): Promise<string> {
    const hit = await until(async (): Promise<Finding | undefined> => {
      const found = await diagnose();
      return found.find((each) => each.verdict === verdict && sentence.test(each.sentence));
    }, `the doctor finds ${sentence}`);
    return hit?.advice ?? '';
  }

  possible('finds nodes that reach each other only by way of others', async () => {
    await proxy.between('a', 'b', { swallow: true });
    const advice = await untilFound(
      'warning',
      /^[ab]\S* .* reaches [ab]\S* .* only by way of other nodes\.$/,
    );
    expect(advice).toMatch(/^Look at the firewall between the two/);
  });

  possible('finds one direction that is blocked', async () => {
    for (const other of ['b', 'c']) await proxy.order('a', other, { swallow: true });
    const advice = await untilFound('problem', /^a\S* .* sees [bc]\S* .*, and not the other way round\.$/);
    expect(advice).toMatch(/one direction is blocked/);
  });
});
