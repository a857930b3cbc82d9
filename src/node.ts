// Entry of one node process. It hears signals before it loads anything else.
import { Signals } from './output/signals';

const signals = new Signals();
void import('./node-process').then(({ runNodes }) => runNodes(signals));
