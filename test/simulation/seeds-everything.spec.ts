import { describeTheme } from './seeds';

describeTheme('everything');
