// What a node reports before it has its port: that of a core which never runs.
import type { NodeSettings } from '../config/settings';
import { SystemClock } from '../adapters/system-clock';
import type { NodeIdentity } from '../core/base/identity';
import { CoreNode } from '../core/node/core-node';
import type { CoreReport } from '../core/base/report';
import { coreSettings } from './core-settings';

export function unstartedReport(settings: NodeSettings, identity: NodeIdentity): CoreReport {
  const anyPort = { ...identity, listenPort: 1, advertisedPort: 1 };
  const core = new CoreNode({
    settings: coreSettings(settings),
    identity: anyPort,
    seed: 1,
    now: new SystemClock().now(),
  });
  return core.report();
}
