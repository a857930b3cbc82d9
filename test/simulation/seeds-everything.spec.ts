import { describeTheme } from './run/seeds';

describeTheme('everything');
