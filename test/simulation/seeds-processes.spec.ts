import { describeTheme } from './seeds';

describeTheme('processes');
