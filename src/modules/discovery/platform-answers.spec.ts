import fc from 'fast-check';
import { hostAddressOf, locationsOf, specificationOf } from './platform-answers';

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

const success = (data: unknown) => ({ status: 'success', data });

describe('the list of instances', () => {
  it('gives each address once, without the port of the API there', () => {
    const ips = [
      '203.0.113.7',
      '203.0.113.8:16137',
      '203.0.113.7:16127',
      '[2001:db8::1]:16127',
      '2001:db8::2',
    ];
    expect(locationsOf(success(ips.map((ip) => ({ name: 'app', ip }))))).toEqual([
      '203.0.113.7',
      '203.0.113.8',
      '2001:db8::1',
      '2001:db8::2',
    ]);
  });

  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '0:0:0:0:0:0:0:1',
    '0:0:0:0:0:ffff:7f00:1',
    '[0::1]:8081',
    'FE80:0::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'host.example',
    '203.0.113.7:80:80',
    '',
    7,
    null,
    undefined,
  ])('leaves out what is no address of another host: %j', (ip) => {
    expect(locationsOf(success([{ ip }, { ip: '203.0.113.7' }, 'x', null]))).toEqual(['203.0.113.7']);
  });

  it('leaves in addresses of loopback where hosts are such addresses', () => {
    const ips = ['127.0.0.1', '127.0.0.3:16127', '::1', '::ffff:127.0.0.4'];
    expect(locationsOf(success(ips.map((ip) => ({ ip }))), '127.0.0.2')).toEqual(['127.0.0.3']);
    expect(hostAddressOf(success({ ip: '127.0.0.2' }), '127.0.0.2')).toBe('127.0.0.2');
  });

  it.each([
    [{ status: 'error', data: { message: 'down' } }],
    [{ status: 'error', data: [{ ip: '203.0.113.7' }] }],
    [success({})],
    [success(null)],
    [[{ ip: '203.0.113.7' }]],
    ['<html>'],
    [null],
    [undefined],
  ])('is no list when it is %j', (body) => {
    expect(locationsOf(body)).toBeNull();
  });

  it('may be empty, which is an answer', () => {
    expect(locationsOf(success([]))).toEqual([]);
  });
});

describe('the specification', () => {
  it('tells instances and the ports of all components', () => {
    const compose = [
      { name: 'one', ports: [38081, 38082], containerPorts: [8081, 8082] },
      { name: 'two', ports: ['38086'], containerPorts: ['8086'] },
    ];
    expect(specificationOf(success({ version: 8, instances: 3, compose }))).toEqual({
      instances: 3,
      components: [
        {
          name: 'one',
          ports: [
            { containerPort: 8081, hostPort: 38081 },
            { containerPort: 8082, hostPort: 38082 },
          ],
        },
        { name: 'two', ports: [{ containerPort: 8086, hostPort: 38086 }] },
      ],
    });
  });

  it('was a single container once', () => {
    const single = { version: 3, name: 'app', ports: [31000], containerPorts: [8081] };
    expect(specificationOf(success(single))).toEqual({
      instances: 1,
      components: [{ name: 'app', ports: [{ containerPort: 8081, hostPort: 31000 }] }],
    });
  });

  it.each([
    ['lists of unequal length', { ports: [1, 2], containerPorts: [1] }],
    ['no ports', {}],
    [
      'ports that JavaScript takes for numbers',
      { ports: [true, ['2'], '0x3', null], containerPorts: [1, 2, 3, 4] },
    ],
    ['ports that JavaScript fails to take for numbers', { ports: [{ toString: 1 }], containerPorts: [1] }],
    ['a port nested without end', { ports: [nested(20_000)], containerPorts: [1] }],
    ['ports that are none', { ports: [0, 70_000, 1.5, 'x'], containerPorts: [1, 2, 3, 4] }],
  ])('has no ports with %s', (_what, component) => {
    expect(specificationOf(success({ compose: [{ name: 'a', ...component }] }))?.components).toEqual([
      { name: 'a', ports: [] },
    ]);
  });

  it.each([0, -1, 1.5, 'many', null])('with %j instances says nothing of hosts', (instances) => {
    expect(specificationOf(success({ instances, compose: [] }))?.instances).toBe(1);
  });

  it('is none when the platform says so', () => {
    expect(specificationOf({ status: 'error', data: { compose: [] } })).toBeNull();
    expect(specificationOf(success([]))).toBeNull();
  });
});

describe('the host', () => {
  it('tells its address, unless it is not ready to', () => {
    expect(hostAddressOf(success({ appName: 'app', ip: '203.0.113.7' }))).toBe('203.0.113.7');
    expect(hostAddressOf(success({ ip: '203.0.113.7:16127' }))).toBe('203.0.113.7');
    expect(hostAddressOf(success({ ip: null }))).toBeNull();
    expect(hostAddressOf({ status: 'error', data: { ip: '203.0.113.7' } })).toBeNull();
  });
});

it.each(['x'.repeat(100_000), 'x'.repeat(64), 'evil.example\0', '../x', 'a b\r\nHost: c', '\ud800', 7])(
  'a name that no network would know is none (%j)',
  (name) => {
    const compose = [{ name, ports: [1], containerPorts: [1] }];
    expect(specificationOf(success({ compose }))?.components[0].name).toBe('');
  },
);

it('an address that is written in two ways is one', () => {
  const ips = ['2001:db8::1', '[2001:0DB8:0:0::1]:16127'];
  expect(locationsOf(success(ips.map((ip) => ({ ip }))))).toEqual(['2001:db8::1']);
});

it('whatever arrives is understood or null, and never an exception', () => {
  const answer = fc.oneof(fc.jsonValue(), fc.jsonValue().map(success), fc.anything());
  fc.assert(
    fc.property(answer, (body) => {
      const addresses = locationsOf(body);
      specificationOf(body);
      hostAddressOf(body);
      return addresses === null || addresses.every((address) => typeof address === 'string');
    }),
  );
});
