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

  it('names the server by component and application', () => {
    const [node, server] = spec.compose;
    const url = node.environmentParameters.find((each) => each.startsWith('REPRAM_STORE_URL='));
    const address = parseStoreUrl(url?.slice('REPRAM_STORE_URL='.length) ?? '');
    expect(address?.endpoints).toEqual([{ address: `flux${server.name}_${spec.name}`, port: 6379 }]);
  });
});
