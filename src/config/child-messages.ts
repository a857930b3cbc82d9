// What a node process and its launcher say to each other over the IPC channel. A process hosts one
// node, or all of them with REPRAM_ISOLATION=none. `index` says which node is meant.

export type ChildMessage =
  /** Every `beatIntervalMs` (a second at most): the event loop of the process turns. */
  | { readonly kind: 'beat' }
  | {
      readonly kind: 'claimed';
      readonly index: number;
      readonly name: string;
      readonly nodeId: string;
      readonly port: number;
    }
  /** No port was free; tried again every 30 s. `detail` names the range and what answers there. */
  | { readonly kind: 'unclaimed'; readonly index: number; readonly detail: string }
  /**
   * What a node knows of the others that holds what they hold: ids of members that it expects, 16
   * hexadecimal digits each, and how many hosts. Sent when it changes.
   */
  | {
      readonly kind: 'others';
      readonly index: number;
      readonly ids: readonly string[];
      readonly hosts: number;
    }
  /** Sent on each change of the state or of the number of live peers. */
  | {
      readonly kind: 'state';
      readonly index: number;
      readonly state: 'starting' | 'syncing' | 'ready' | 'draining';
      readonly livePeers: number;
    };

/**
 * The launcher's one order; the same as SIGTERM: close listeners, finish requests, say goodbye,
 * exit 0.
 */
export interface LauncherMessage {
  readonly kind: 'drain';
}
