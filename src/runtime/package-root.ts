// The folder of this package as modules may know it.
export { PACKAGE_ROOT } from '../config/package-root';
