/**
 * A random number generator that restarts before each spec. Specs run in random order: with one generator for all, the values of a spec
 * would depend on the specs before it, and could exceed a tolerance by chance.
 *
 * @param create makes the generator
 */
export function begunAnew<A extends unknown[], T>(create: () => (...args: A) => T): (...args: A) => T {
  let generate = create();
  beforeEach(() => {
    generate = create();
  });
  return (...args) => generate(...args);
}
