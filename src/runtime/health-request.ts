// For the modules, which know no adapter.
export { requestHealth, textOfNode } from '../adapters/health-request';
