import { describeTheme } from './run/seeds';

describeTheme('links');
