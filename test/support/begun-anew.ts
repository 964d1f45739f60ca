/**
 * A generator of numbers that begins anew with each spec. Specs run in an order that is drawn: with one generator for all of them the
 * values of each would depend on which ran before it, and a tolerance could be exceeded by chance.
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
