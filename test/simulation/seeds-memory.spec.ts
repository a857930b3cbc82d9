import { describeTheme } from './run/seeds';

describeTheme('memory');
