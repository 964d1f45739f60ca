import * as dl from 'rxtensor';
import { gradientErrors } from '../../../test/support/gradient-check';
import { modelOfCase, opCases } from '../../../test/support/op-cases';
import { reference } from '../../../test/support/reference';

/** Ops whose results are floats, but which no gradient passes. */
const withoutGradient: Readonly<Record<string, string>> = {
  StopGradient: 'that is its purpose',
  NonMaxSuppressionV5: 'the host chooses the boxes',
};

describe('Gradients through ops of models', () => {
  opCases.forEach((opCase, number) => {
    const { op } = opCase;
    it(`${op} (${number})${Object.hasOwn(withoutGradient, op) ? `: none, ${withoutGradient[op]!}` : ''}`, async () => {
      const { model, inputs, outputs } = await modelOfCase(opCase);
      const tensors = Object.fromEntries(
        inputs.map(({ name, values, shape, dtype }) => [name, dl.tensor([...values], [...shape], dtype)]),
      );
      const results = model.execute(tensors, outputs);
      const floats = inputs.filter(({ dtype }) => dtype === 'float32');
      // Beside the kinks and steps of functions, which lie at round numbers.
      const point = floats.map(({ values, shape }, i) =>
        reference({ shape, values: values.map((value) => value + 3 / 16 + i / 32) }),
      );
      results.forEach((result, k) => {
        if (point.length === 0) return;
        const f = (...x: dl.Tensor[]): dl.Tensor =>
          model.execute(
            { ...tensors, ...Object.fromEntries(floats.map(({ name }, i) => [name, x[i]!])) },
            outputs[k]!,
          );
        if (result.dtype !== 'float32' || Object.hasOwn(withoutGradient, op)) {
          const depends = (): unknown =>
            dl.grads(f)(point.map(({ values, shape }) => dl.tensor([...values], [...shape])));
          expect(() => dl.tidy(depends)).toThrowError(/does not depend on its argument 0/);
        } else expect(gradientErrors(f, point, { step: 1 / 64 })).toEqual([]);
      });
      dl.dispose([tensors, results]);
      model.dispose();
    });
  });
});
