import { describeTheme } from './run/seeds';

describeTheme('formation');
