// Versions in the text form that clients see. The modules know the core's functions only through
// here.
export { formatVersion, parseVersion, stampedAtMs } from '../core/base/version';
