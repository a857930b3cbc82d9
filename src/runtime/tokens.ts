// Injection tokens for what a running node gives its Nest modules. They are symbols, because their
// types are interfaces.

export const SETTINGS = Symbol('SETTINGS');
export const DATA_ENGINE = Symbol('DATA_ENGINE');
export const NODE_VIEW = Symbol('NODE_VIEW');
export const DISCOVERY_PORT = Symbol('DISCOVERY_PORT');
export const GOSSIP_PORT = Symbol('GOSSIP_PORT');
export const LOG = Symbol('LOG');
