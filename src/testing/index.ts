export { expectNoLeak } from './leaks';
