import { describeTheme } from './seeds';

describeTheme('partitions');
