// Fade: a public board of messages with a lifetime. Joins the form, the feed and the page.

import { Composer } from './composer.js';
import { byId, make, setText } from './elements.js';
import { explain } from './explain.js';
import { Feed } from './feed.js';
import { counted } from './lifetime.js';
import { MessageList } from './message-list.js';
import { NetworkLine } from './network-line.js';

/** @typedef {import('./feed.js').Message} Message */

const notice = byId('notice', 'div');
const empty = byId('empty', 'div');
const total = byId('total', 'p');
const older = byId('older', 'button');
const announcer = byId('announcer', 'p');

const list = new MessageList();
const network = new NetworkLine();
let heardBefore = false;

const feed = new Feed({
  appeared(message) {
    list.add(message);
    showTotal();
  },
  ended(message) {
    list.remove(message);
    showTotal();
  },
  settled(fresh, olderCount) {
    if (heardBefore) announce(fresh);
    heardBefore = true;
    notice.classList.remove('is-shown');
    notice.replaceChildren();
    setText(older, `Show older messages (${olderCount})`);
    older.hidden = olderCount === 0;
    showTotal();
  },
  failed(failure, retryInMs) {
    const { title, detail } = explain(failure, navigator.onLine);
    const again = `Asking again in ${counted(Math.ceil(retryInMs / 1000), 'second')}.`;
    notice.replaceChildren(make('strong', '', title), ` ${detail} ${again}`, ...waysOut());
    notice.classList.add('is-shown');
    showTotal();
  },
});

new Composer(() => feed.refresh());
older.addEventListener('click', () => feed.showOlder());
window.addEventListener('online', () => feed.refresh());
window.addEventListener('offline', () => feed.refresh());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) feed.refresh();
});
feed.refresh();
void network.keepFresh();

/** Says nothing of the number before the node has answered once. */
function showTotal() {
  empty.hidden = !heardBefore || list.size > 0;
  setText(total, list.size === 0 ? '' : counted(list.size, 'message'));
}

/** @param {Message[]} fresh */
function announce(fresh) {
  const [first] = fresh;
  if (first === undefined) return;
  const from = first.content.author === '' ? '' : ` from ${first.content.author}`;
  const one = `New message${from}: ${first.content.text.slice(0, 200)}`;
  announcer.textContent = fresh.length === 1 ? one : `${fresh.length} new messages`;
}

/** Links to the same board on other ports, for when this one does not answer. */
function waysOut() {
  return network.siblings.flatMap((address) => {
    const link = make('a', '', `Open on port ${new URL(address).port}`);
    link.href = address;
    return [' ', link];
  });
}
