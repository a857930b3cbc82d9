// Versions in the text form that clients see, for the modules, which know the core's functions only through here.
export { formatVersion, parseVersion, stampedAtMs } from '../core/base/version';
