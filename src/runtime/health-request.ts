// For the modules, which know no adapter.
export { requestHealth } from '../adapters/health-request';
