// One fresh checker of each kind; they keep state, so a run takes its own.
import { Accounting } from './accounting';
import type { Checker } from './checker';
import { Converged } from './converged';
import { Deadline } from './deadline';
import { Durable } from './durable';
import { Frames } from './frames';
import { Lasting } from './lasting';
import { Membership } from './membership';
import { Monotone } from './monotone';
import { Restrained } from './restrained';
import { Settled } from './settled';
import { Visible } from './visible';

export function allCheckers(): Checker[] {
  return [
    new Converged(),
    new Deadline(),
    new Lasting(),
    new Monotone(),
    new Durable(),
    new Membership(),
    new Restrained(),
    new Settled(),
    new Accounting(),
    new Frames(),
    new Visible(),
  ];
}
