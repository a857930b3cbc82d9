// Entry of the launcher. It hears signals before it loads anything else.
import { Signals } from './output/signals';

const signals = new Signals();
void import('./launcher/run-launcher').then(({ runLauncher }) => runLauncher(signals));
