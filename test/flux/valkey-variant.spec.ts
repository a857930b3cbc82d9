// The specification with a Valkey component is one that the platform takes, and its nodes find the
// component under the name that the platform gives it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSpec } from '../../flux/rules/check-spec';
import { errorsOf } from '../../flux/rules/finding';
import { parseStoreUrl } from '../../src/config/store-address';

interface Spec {
  readonly name: string;
  readonly compose: readonly { readonly name: string; readonly environmentParameters: readonly string[] }[];
}

describe('flux/app.valkey.v8.json', () => {
  const text = readFileSync(join(__dirname, '..', '..', 'flux', 'app.valkey.v8.json'), 'utf8');
  const spec = JSON.parse(text) as Spec;

  it('has no error', () => {
    expect(errorsOf(checkSpec(spec))).toEqual([]);
  });

  it('leaves to a person the owner, the secret, and that there can be one instance', () => {
    const places = checkSpec(spec).map(({ place }) => place);
    expect(places).toEqual(['$.owner', '$.compose[0].environmentParameters', '$.instances']);
  });

  it('may not have more instances: each would have values of its own', () => {
    const [error] = errorsOf(checkSpec({ ...spec, instances: 3 }));
    expect(error).toMatchObject({ place: '$.instances', rule: expect.stringContaining('of its own') });
  });

  it('may have them where the nodes find their values elsewhere', () => {
    const elsewhere = text.replace('redis://fluxvalkey_faderepramvalkey:6379', 'redis://10.0.0.1:6379');
    expect(errorsOf(checkSpec({ ...(JSON.parse(elsewhere) as Spec), instances: 3 }))).toEqual([]);
  });

  it('is told of a port of the server that is open', () => {
    const [node, server] = spec.compose;
    const open = { ...server, ports: [38084], containerPorts: [6379], domains: [''] };
    const findings = checkSpec({ ...spec, compose: [node, open] });
    expect(findings).toContainEqual(
      expect.objectContaining({ place: '$.compose[1].ports', value: '[38084]' }),
    );
  });

  it('names the server by component and application', () => {
    const [node, server] = spec.compose;
    const url = node.environmentParameters.find((each) => each.startsWith('REPRAM_STORE_URL='));
    const address = parseStoreUrl(url?.slice('REPRAM_STORE_URL='.length) ?? '');
    expect(address?.endpoints).toEqual([{ address: `flux${server.name}_${spec.name}`, port: 6379 }]);
  });
});
