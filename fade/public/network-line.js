// The footer: which node answers, which peers it knows, and where else on this host the same board
// is.

import { byId, make } from './elements.js';
import { printable } from './message.js';
import { readPeers, readStatus } from './node-api.js';

const REFRESH_MS = 5000;
const LOOPBACK = /^(127\.|::1$|localhost$)/;

/** @typedef {import('./node-api.js').Peer} Peer */

export class NetworkLine {
  #node = byId('node', 'p');
  #peers = byId('peers', 'ul');
  #shown = '';
  /** Addresses of the same page on peers of this host, as last known. @type {string[]} */
  siblings = [];

  async keepFresh() {
    await this.#refresh();
    setTimeout(() => void this.keepFresh(), REFRESH_MS);
  }

  async #refresh() {
    const [status, peers] = await Promise.all([readStatus(), readPeers()]);
    if (!status.ok || !peers.ok) return this.#showSilence();
    const isReachable = pagePort() === status.value.port;
    const state = JSON.stringify([
      status.value,
      peers.value.map((peer) => [peer.name, peer.port, peer.state, peer.address]),
    ]);
    if (state === this.#shown) return;
    this.#shown = state;
    this.#node.replaceChildren(
      make('strong', '', make('bdi', '', printable(String(status.value.name)))),
      ` answered on port ${status.value.port}. `,
      peers.value.length === 0 ? 'It knows no other node yet.' : 'It keeps the same messages as:',
    );
    this.#peers.replaceChildren(...peers.value.map((peer) => drawPeer(peer, isReachable)));
    this.siblings = isReachable ? peers.value.filter(isUsable).map((peer) => pageAt(peer.port)) : [];
  }

  #showSilence() {
    this.#shown = '';
    this.#node.replaceChildren('No answer at the moment.');
  }
}

/**
 * @param {Peer} peer
 * @param {boolean} isReachable whether ports of this host can be opened under the numbers the nodes
 * know
 */
function drawPeer(peer, isReachable) {
  const item = make('li', '', make('bdi', '', printable(String(peer.name))), ' ');
  item.dataset['state'] = peer.state;
  if (isReachable && isUsable(peer)) {
    const link = make('a', '', `port ${peer.port}`);
    link.href = pageAt(peer.port);
    item.append(link);
  } else {
    item.append(`port ${peer.port}`);
  }
  item.append(make('span', 'state', String(peer.state)));
  return item;
}

/** @param {Peer} peer */
function isUsable(peer) {
  return LOOPBACK.test(peer.address) && peer.state !== 'dead' && peer.state !== 'left';
}

/** @param {number} port */
function pageAt(port) {
  const address = new URL('.', location.href);
  address.port = String(port);
  return address.href;
}

/** Behind a proxy or a port mapping this is not the port the node itself knows. */
function pagePort() {
  return Number(location.port) || (location.protocol === 'https:' ? 443 : 80);
}
