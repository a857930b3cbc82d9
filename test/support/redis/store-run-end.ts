import { stop } from './store-run';

export default stop;
