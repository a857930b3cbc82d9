// Entry of the launcher. It hears signals before it loads anything else.
import { join } from 'node:path';
import { outliveTerminal } from './output/lost-terminal';
import { Signals } from './output/signals';

const NODE_SCRIPT = join(__dirname, 'node.js');

outliveTerminal();
const signals = new Signals();
void import('./launcher/run-launcher').then(({ runLauncher }) => runLauncher(signals, NODE_SCRIPT));
