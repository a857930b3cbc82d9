import { describeTheme } from './run/seeds';

describeTheme('partitions');
