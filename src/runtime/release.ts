// The version of this release as modules may read it. The settings know it first: the launcher
// tells it without loading a runtime.
export { readRelease } from '../config/release';
