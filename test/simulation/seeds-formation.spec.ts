import { describeTheme } from './seeds';

describeTheme('formation');
