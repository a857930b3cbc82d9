// For the modules, which know settings as types only.
export { isGivenName } from '../config/node-name';
