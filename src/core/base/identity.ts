// Who a node is. The id is the peer; the address is only where it was last reached
// (docs/protocol.md, Identity).

/** 16 lowercase hexadecimal digits, drawn at random at each process start. */
export type NodeId = string;

/**
 * What a node says of itself in its greeting. Id, cluster, host and listen port stay as long as it
 * runs.
 */
export interface NodeIdentity {
  readonly id: NodeId;
  /** Displayed name (REPRAM_NODE_ID, or flux-node-<i>); never compared. */
  readonly name: string;
  readonly cluster: string;
  /** Equal on two nodes exactly when loopback means the same network to both. */
  readonly hostId: string;
  /** TCP port this node listens on, as its own host sees it. */
  readonly listenPort: number;
  /** TCP port under which other hosts reach it. */
  readonly advertisedPort: number;
  /** Addresses that its operator or its deployment gave for it; may be empty. */
  readonly addresses: readonly string[];
}

/** A node as it knows itself. */
export interface SelfIdentity extends NodeIdentity {
  /**
   * Its host's address of loopback where that is not 127.0.0.1
   * (docs/adr/0026-hosts-on-loopback.md).
   */
  readonly loopback?: string;
}

/** Where a TCP connection can be tried. `address` is an IPv4 or IPv6 literal or a host name. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The one text form of an endpoint, used as a map key and in logs. */
export function endpointKey(endpoint: Endpoint): string {
  return endpoint.address.includes(':')
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`;
}
