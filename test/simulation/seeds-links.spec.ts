import { describeTheme } from './seeds';

describeTheme('links');
