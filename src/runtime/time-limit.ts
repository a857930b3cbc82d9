// For the modules, which see of the settings' folder types only.
export { withinTime } from '../config/time-limit';
