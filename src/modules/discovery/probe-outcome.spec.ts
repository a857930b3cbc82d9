import { outcomeOfAnswer, outcomeOfFailure } from './probe-outcome';

const id = '0123456789abcdef';

it.each([
  [
    { node_id: id, cluster: 'repram' },
    { kind: 'peer', id },
  ],
  [
    { node_id: id, cluster: 'other' },
    { kind: 'other-cluster', cluster: 'other' },
  ],
  [{ node_id: 'web-1', cluster: 'repram' }, { kind: 'foreign' }],
  [{ node_id: id }, { kind: 'foreign' }],
  [{ node_id: id, cluster: 'x'.repeat(129) }, { kind: 'foreign' }],
  [{ node_id: id, cluster: 'a\nb' }, { kind: 'foreign' }],
  [{ status: 'ok' }, { kind: 'foreign' }],
  ['<html>', { kind: 'foreign' }],
  [null, { kind: 'foreign' }],
])('an answer of %j means %j', (body, outcome) => {
  expect(outcomeOfAnswer(body, 'repram')).toEqual(outcome);
});

it.each([
  [
    { 'x-repram-node': id, 'x-repram-cluster': 'repram' },
    { kind: 'peer', id },
  ],
  [
    { 'x-repram-node': id, 'x-repram-cluster': 'other' },
    { kind: 'other-cluster', cluster: 'other' },
  ],
  [{ 'x-repram-node': id }, { kind: 'foreign' }],
  [{}, { kind: 'foreign' }],
])('a refusal with the headers %j means %j', (headers, outcome) => {
  expect(outcomeOfAnswer({ status: 429, code: 'rate-limited' }, 'repram', headers)).toEqual(outcome);
});

it.each([
  ['ECONNREFUSED', 'refused'],
  ['ERR_CANCELED', 'timeout'],
  ['ECONNABORTED', 'timeout'],
  ['EHOSTUNREACH', 'timeout'],
  ['ECONNRESET', 'foreign'],
  ['HPE_INVALID_CONSTANT', 'foreign'],
  ['ERR_BAD_RESPONSE', 'foreign'],
  [undefined, 'foreign'],
])('a failure with %s means %s', (code, kind) => {
  expect(outcomeOfFailure(code)).toEqual({ kind });
});
