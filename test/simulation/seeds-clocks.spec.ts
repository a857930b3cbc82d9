import { describeTheme } from './seeds';

describeTheme('clocks');
