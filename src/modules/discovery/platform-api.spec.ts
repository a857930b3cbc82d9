// What the platform may answer without holding up the node: a hostile answer is not parsed at all.
import { HttpService } from '@nestjs/axios';
import { type Mood, MockPlatform } from '../../../test/support/platform/mock-platform';
import { PlatformApi } from './platform-api';

let platform: MockPlatform;
let api: PlatformApi;

beforeEach(async () => {
  platform = new MockPlatform();
  const url = await platform.listen();
  const options = { appName: 'app', urls: [url], hostInfoUrl: `${url}/hostinfo` };
  api = new PlatformApi(new HttpService(), options);
});
afterEach(() => platform.close());

const never = new AbortController().signal;

it.each<Mood>(['nested', 'crumbs', 'huge'])(
  'an answer that is %s is never given to JSON.parse',
  async (mood) => {
    platform.mood = mood;
    const parse = jest.spyOn(JSON, 'parse');
    const heard = [await api.locations(never), await api.specification(never), await api.hostAddress(never)];
    expect(heard).toEqual([null, null, null]);
    expect(parse.mock.calls.map(([text]) => text.length)).toEqual([]);
  },
);

it('a list of all the instances that the platform allows is understood', async () => {
  platform.rows = Array.from({ length: 100 }, (_, i) => `203.0.113.${i}:16127`);
  expect(await api.locations(never)).toHaveLength(100);
});
