import * as dl from 'rxtensor';
import { flat, modelOfCase, opCases, type Nested } from '../../../test/support/op-cases';
import { opTable } from '.';

/** Extents of nested arrays; a flat list says nothing of more than its number. */
function extentsOf(values: Nested): number[] {
  return Array.isArray(values) ? [values.length, ...extentsOf(values[0] as Nested)] : [];
}

describe('Ops of models', () => {
  it('are all tried', () => {
    expect([...new Set(opCases.map(({ op }) => op))].sort()).toEqual(Object.keys(opTable).sort());
  });

  opCases.forEach((opCase, number) => {
    const { op, wanted } = opCase;
    it(`${op} gives its values (${number})`, async () => {
      const { model, inputs, outputs } = await modelOfCase(opCase);
      const tensors = Object.fromEntries(
        inputs.map(({ name, values, shape, dtype }) => [name, dl.tensor([...values], [...shape], dtype)]),
      );
      // Traced, then by its plan.
      for (let run = 0; run < 2; run++) {
        const found = model.execute(tensors, outputs);
        for (const [i, values] of wanted.entries()) {
          const expected = flat(values);
          const read = [...(await found[i]!.data())];
          expect(read.length).toBe(expected.length);
          read.forEach((value, at) =>
            expect(Math.abs(value - expected[at]!))
              .withContext(`value ${at}: ${value}, wanted ${expected[at]!}`)
              .toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(expected[at]!))),
          );
          const extents = extentsOf(values);
          if (extents.length !== 1) expect(found[i]!.shape).toEqual(extents);
        }
        dl.dispose(found);
      }
      dl.dispose(tensors);
      model.dispose();
    });
  });
});
