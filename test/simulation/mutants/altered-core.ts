// The product's core with some of its methods replaced from outside.
import type { EffectSink } from '../../../src/core/base/effects';
import type { CoreNodeOptions } from '../../../src/core/node/core-node';
import { productCore, type CoreFactory, type SimulatedCore } from '../world/simulated-core';

type Alteration = (core: SimulatedCore, options: CoreNodeOptions) => Partial<SimulatedCore>;

export function altered(alter: Alteration): CoreFactory {
  return (options) => {
    const core = productCore(options);
    return {
      handle: (input, now, sink) => core.handle(input, now, sink),
      tick: (now, sink) => core.tick(now, sink),
      read: (key, now) => core.read(key, now),
      mustAsk: (key, now) => core.mustAsk(key, now),
      others: () => core.others(),
      members: (now) => core.members(now),
      report: () => core.report(),
      liveKeys: (now) => core.liveKeys(now),
      changes: core.changes,
      audit: () => core.audit(),
      ...alter(core, options),
    };
  };
}

/** `sink` with some of its effects replaced. */
export function sinkWith(sink: EffectSink, replaced: Partial<EffectSink>): EffectSink {
  return {
    send: (linkId, frame, shared) => sink.send(linkId, frame, shared),
    close: (linkId, reason) => sink.close(linkId, reason),
    dial: (endpoint) => sink.dial(endpoint),
    probe: (endpoint) => sink.probe(endpoint),
    settlePut: (requestId, outcome) => sink.settlePut(requestId, outcome),
    settleFetch: (requestId, outcome) => sink.settleFetch(requestId, outcome),
    notify: (notification) => sink.notify(notification),
    ...replaced,
  };
}

export function nameOf(key: Uint8Array): string {
  return String.fromCharCode(...key);
}
