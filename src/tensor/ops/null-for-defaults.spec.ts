// null where a default belongs is that default, as programs written for TensorFlow.js have it: every optional argument of every op, and of
// the other functions.
import * as dl from 'rxtensor/tensor';
import { opNamed, opNames } from '../../../test/support/op-names';
import { descriptions } from '../../../test/support/ops';
import type { Row } from '../../../test/support/wrong-arguments/argument';
import { functionRows } from '../../../test/support/wrong-arguments/functions';

/** Results as plain values, their tensors freed. */
function plainOf(result: unknown): unknown {
  if (result instanceof dl.Tensor) {
    const { dtype, rank, size } = result;
    const values = [...result.dataSync()];
    result.dispose();
    return { dtype, rank, size, values };
  }
  if (Array.isArray(result)) return result.map(plainOf);
  if (typeof result !== 'object' || result === null || Object.getPrototypeOf(result) !== Object.prototype) {
    const isDisposable = typeof result === 'object' && result !== null && 'dispose' in result;
    if (isDisposable) (result as { dispose: () => void }).dispose();
    return typeof result === 'object' ? 'an object' : result;
  }
  return Object.fromEntries(Object.entries(result).map(([key, each]) => [key, plainOf(each)]));
}

/** What a call gives, or the message of its error, with one argument in place of the valid one. */
async function outcome(
  f: (...args: unknown[]) => unknown,
  { args, call }: Row,
  i: number,
  given: unknown,
): Promise<unknown> {
  const values = args.map(({ valid }, j) => (i === j ? given : valid()));
  dl.setSeed(7);
  try {
    return plainOf(await (call ? call(f, ...values) : f(...values)));
  } catch (error) {
    return `throws ${String(error)}`;
  } finally {
    dl.disableDebugMode();
    dl.dispose(values);
  }
}

const named: readonly [string, (...args: unknown[]) => unknown, Row][] = [
  ...opNames.map((name) => [name, opNamed(name), descriptions[name]!] as const),
  ...Object.entries(functionRows).map(([name, row]) => [name, row.f as never, row] as const),
].map(([name, f, row]) => [name, f, row]);

describe('null where a default belongs', () => {
  it('is tried with many arguments', () => {
    const count = named.flatMap(([, , { args }]) => args.filter(({ isOptional }) => isOptional)).length;
    expect(count).toBeGreaterThan(150);
  });

  for (const [name, f, row] of named) {
    row.args.forEach(({ name: argument, isOptional }, i) => {
      if (!isOptional) return;
      it(`is that of ${name}: argument ${i}, ${argument}`, async () => {
        spyOn(console, 'log');
        const wanted = await outcome(f, row, i, undefined);
        expect(await outcome(f, row, i, null)).toEqual(wanted);
        expect(String(wanted)).not.toMatch(/^throws/);
      });
    });
  }
});
