import * as dl from 'rxtensor/tensor';
import { customKernel, type CustomOp } from 'rxtensor/custom-kernels';
import { expectClose, expectExact } from '../../test/support/close';
import { describeOwnWebGL } from '../../test/support/own-backends';

describeOwnWebGL('a custom kernel on WebGL', () => {
  const doubled = (glsl: string | null): CustomOp<readonly ['x'], never> =>
    customKernel({
      name: 'doubled',
      inputs: ['x'],
      shape: ({ x }) => x,
      glsl,
      cpu: (output, { x }) => output.set(x.map((value) => 2 * value)),
    });

  it('runs its GLSL, not the function for the CPU', () => {
    const tripled = doubled('float result(int i) { return 3.0 * x_at(i); }');
    dl.tidy(() => expectExact(tripled([1, 2]), [3, 6]));
  });

  it('serves all ranks, sizes and layouts', () => {
    const reversed = customKernel({
      name: 'reversed',
      inputs: ['x'],
      numbers: { size: 0 },
      shape: ({ x }) => x,
      glsl: 'float result(int i) { return x_at(int(size) - 1 - i); }',
      cpu: (output, { x }) => output.set([...x].reverse()),
    });
    for (const shape of [[5], [3, 7], [2, 3, 4, 5], [70, 71, 4]]) {
      dl.tidy(() => {
        const size = shape.reduce((a, b) => a * b);
        const x = dl.range(0, size).reshape(shape);
        expectExact(reversed(x, { size }), x.flatten().reverse().reshape(shape).arraySync());
      });
    }
  });

  it('reports an error of the compiler by name, line and log, and leaves nothing', () => {
    const before = dl.memory();
    const wrong = doubled(`
      float result(int i) {
        return twice(x_at(i));
      }`);
    const unfinished = doubled('int other;');
    for (let i = 0; i < 2; i++) {
      expect(() => wrong([1, 2])).toThrowError(
        /^webgl: the program of kernel doubled \(custom kernel \d+\) 1,1 does not link: ERROR: 0:3: 'twice' : no matching/,
      );
      expect(() => unfinished([1, 2])).toThrowError(/kernel doubled .* 'result' : no matching/);
    }
    expect(dl.memory().numTensors).toBe(before.numTensors);
    expect(dl.memory().numDataBuffers).toBe(before.numDataBuffers);
    dl.tidy(() => expectExact(doubled('float result(int i) { return 2.0 * x_at(i); }')([1, 2]), [2, 4]));
  });

  it('runs on the CPU without GLSL, of which debug mode warns', () => {
    const warn = spyOn(console, 'warn');
    dl.enableDebugMode({ log: false });
    try {
      dl.tidy(() => expectClose(doubled(null)(dl.square([1, 2])).add(1), [3, 9]));
    } finally {
      dl.disableDebugMode();
    }
    expect(warn.calls.allArgs().flat()).toEqual([
      "rxtensor: doubled: the backend 'webgl' lacks the kernel 'custom', which runs on the CPU: its inputs are read, its results written",
    ]);
  });
});
