// One fresh checker of each kind; they keep state, so a run takes its own.
import type { Scenario } from '../run/scenario';
import { Accounting } from './accounting';
import { Bounded } from './bounded';
import type { Checker } from './checker';
import { Converged } from './converged';
import { Deadline } from './deadline';
import { Durable } from './durable';
import { Frames } from './frames';
import { Frugal } from './frugal';
import { Lasting } from './lasting';
import { Membership } from './membership';
import { Monotone } from './monotone';
import { Prompt } from './prompt';
import { Readers } from './readers';
import { Restrained } from './restrained';
import { Resurrection } from './resurrection';
import { Revived } from './revived';
import { Settled } from './settled';
import { Spared } from './spared';
import { Stamps } from './stamps';
import { Stepwise } from './stepwise';
import { Stopped } from './stopped';
import { Successive } from './successive';
import { Truthful } from './truthful';
import { Visible } from './visible';

export function allCheckers(): Checker[] {
  return [
    new Converged(),
    new Deadline(),
    new Resurrection(),
    new Lasting(),
    new Monotone(),
    new Readers(),
    new Durable(),
    new Successive(),
    new Membership(),
    new Revived(),
    new Spared(),
    new Restrained(),
    new Settled(),
    new Stopped(),
    new Accounting(),
    new Bounded(),
    new Stepwise(),
    new Frugal(),
    new Frames(),
    new Stamps(),
    new Visible(),
    new Truthful(),
    new Prompt(),
  ];
}

/** Those that bind in a scenario. */
export function checkersFor({ also }: Scenario): Checker[] {
  return allCheckers().filter(({ name, isOptional }) => isOptional !== true || also.includes(name));
}
