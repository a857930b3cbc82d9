import { failureWords, receiptWords } from './sending';

const receipt = { replicating: false, ttlSeconds: 300, nodes: '3/3', hosts: '2/2' };

it.each([
  [receipt, 'Posted to 3 of 3 nodes on 2 hosts. It lives for 5 minutes, until 14:05.'],
  [{ ...receipt, hosts: '1/1' }, 'Posted to 3 of 3 nodes on 1 host. It lives for 5 minutes, until 14:05.'],
  [{ ...receipt, nodes: '', hosts: '' }, 'Posted. It lives for 5 minutes, until 14:05.'],
])('says of %j where it is and how long', (given, words) => {
  expect(receiptWords(given, 300, '14:05')).toEqual({ mood: 'done', words });
});

it('says when the node allows less, and when too few have it', () => {
  expect(receiptWords(receipt, 600, '14:05').words).toContain('This node does not allow 10 minutes.');
  const early = receiptWords({ ...receipt, replicating: true }, 300, '14:05');
  expect(early).toMatchObject({ mood: 'waiting' });
  expect(early.words).toContain('Stored here, still replicating');
});

it('keeps the text of who could not post, and says that another try makes no second copy', () => {
  expect(failureWords({ kind: 'unreachable' }, true).words).toMatch(
    /Your text is still here\. Posting it again will not/,
  );
});
