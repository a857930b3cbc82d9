import { describeTheme } from './seeds';

describeTheme('memory');
