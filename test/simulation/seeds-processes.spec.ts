import { describeTheme } from './run/seeds';

describeTheme('processes');
