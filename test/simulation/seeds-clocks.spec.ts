import { describeTheme } from './run/seeds';

describeTheme('clocks');
