import * as dl from 'rxtensor';
import { explain, recorded } from 'rxtensor/programs';
import { expectClose, expectExact } from '../../test/support/close';
import { getRandomState } from '../tensor/random-state';
import { isRecording } from './recording';

/** Calls a function several times, with the same values each time, and expects the same result as of the function itself. */
function expectSame(f: (...args: dl.Tensor[]) => dl.Tensor, args: () => dl.Tensor[], calls = 5): void {
  const replaying = recorded(f);
  for (let i = 0; i < calls; i++) {
    dl.tidy(() => {
      const given = args();
      const [found, wanted] = [replaying(...given), f(...given)];
      expect(found.shape).toEqual(wanted.shape);
      expect(found.dtype).toBe(wanted.dtype);
      expect(found.dataSync()).toEqual(wanted.dataSync());
    });
  }
  replaying.dispose();
}

describe('recorded', () => {
  let before: dl.MemoryInfo;

  beforeEach(() => (before = dl.memory()));
  afterEach(() => {
    const after = dl.memory();
    expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
  });

  it('runs the function twice, then replays', () => {
    let runs = 0;
    const f = recorded((x: dl.Tensor) => {
      runs++;
      return x.mul(2).add(1).relu();
    });
    for (let i = 0; i < 6; i++)
      dl.tidy(() => expectExact(f(dl.tensor1d([i, -i])), [2 * i + 1, Math.max(0, 1 - 2 * i)]));
    expect(runs).toBe(2);
    expect(isRecording()).toBeFalse();
  });

  it('records again for other shapes, types and plain values', () => {
    let runs = 0;
    const f = recorded((x: dl.Tensor, by: number, { shift }: { shift: boolean }) => {
      runs++;
      return shift ? x.mul(by).add(1) : x.mul(by);
    });
    for (let i = 0; i < 4; i++) {
      dl.tidy(() => {
        expectExact(f(dl.tensor1d([1, 2]), 3, { shift: false }), [3, 6]);
        expectExact(f(dl.tensor1d([1, 2, 3]), 3, { shift: false }), [3, 6, 9]);
        expectExact(f(dl.tensor1d([1, 2], 'int32'), 3, { shift: false }), [3, 6]);
        expectExact(f(dl.tensor1d([1, 2]), 4, { shift: false }), [4, 8]);
        expectExact(f(dl.tensor1d([1, 2]), 4, { shift: true }), [5, 9]);
      });
    }
    expect(runs).toBe(10);
  });

  it('gives the values of the function for many kinds of ops', () => {
    const matrix = (): dl.Tensor => dl.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    expectSame(
      (x) => dl.softmax(x.matMul(x.transpose())),
      () => [matrix()],
    );
    expectSame(
      (x) => x.reshape([3, 2]).sum(0).expandDims(0).tile([2, 1]),
      () => [matrix()],
    );
    expectSame(
      (x, y) => dl.concat([x, y], 1).slice([0, 1], [2, 3]),
      () => [matrix(), matrix()],
    );
    expectSame(
      (x) => dl.where(x.greater(3), x, dl.zerosLike(x)),
      () => [matrix()],
    );
    expectSame(
      (x) => dl.gather(x, dl.tensor1d([2, 0], 'int32'), 1),
      () => [matrix()],
    );
    expectSame(
      (x) => dl.grad((y) => y.square().sum())(x),
      () => [matrix()],
    );
    expectSame(
      (x) =>
        dl.grad((y) =>
          dl
            .grad((z) => z.pow(3).sum())(y)
            .sum(),
        )(x),
      () => [matrix()],
    );
    expectSame(
      (x) => x.slice([0, 0], [0, 3]),
      () => [matrix()],
    );
    expectSame(
      (x) => x.argMax(1).cast('float32').add(x.max()),
      () => [matrix()],
    );
  });

  it('gives results in their structure: views as views, an argument as itself', () => {
    const w = dl.tidy(() => dl.variable(dl.tensor1d([5, 6])));
    const f = recorded((x: dl.Tensor) => {
      const y = x.mul(2);
      return {
        y,
        again: [y, y.reshape([2, 1])],
        x,
        flat: x.reshape([1, 2]),
        w,
        copy: w.clone(),
        text: 'kept',
        constant: dl.scalar(4),
      };
    });
    for (let i = 0; i < 4; i++) {
      dl.tidy(() => {
        const x = dl.tensor1d([i, 1]);
        const { y, again, x: same, flat, w: own, copy, text, constant } = f(x);
        expect(same).toBe(x);
        expect(own).toBe(w);
        expect(again[0]).toBe(y);
        expect(text).toBe('kept');
        expectExact(y, [2 * i, 2]);
        expectExact(again[1]!, [[2 * i], [2]]);
        expectExact(flat, [[i, 1]]);
        expectExact(copy, [5, 6]);
        expectExact(constant, 4);
        expect([again[1]!.storage, flat.storage, copy.storage]).toEqual([y.storage, x.storage, w.storage]);
      });
    }
    f.dispose();
    w.dispose();
  });

  it('reads variables anew, and does assignments', () => {
    const w = dl.tidy(() => dl.variable(dl.scalar(1)));
    const f = recorded((x: dl.Tensor) => {
      w.assign(w.add(x).asScalar());
      return w.mul(10);
    });
    let wanted = 1;
    for (let i = 0; i < 6; i++) {
      dl.tidy(() => {
        expectExact(f(dl.scalar(i)), (wanted += i) * 10);
        expectExact(w, wanted);
      });
      if (i === 3) dl.tidy(() => w.assign(dl.scalar((wanted = 100))));
    }
    f.dispose();
    w.dispose();
  });

  it('keeps variables apart that shared their values when it was recorded', () => {
    const [a, b] = dl.tidy(() => {
      const zero = dl.scalar(0);
      return [dl.variable(zero), dl.variable(zero)];
    });
    const f = recorded(() => a.add(b.mul(10)));
    for (const each of [0, 0, 0, 1, 2, 3]) {
      dl.tidy(() => {
        if (each > 0) a.assign(dl.scalar(each));
        expectExact(f(), each);
      });
    }
    dl.tidy(() => b.assign(dl.scalar(7)));
    dl.tidy(() => expectExact(f(), 73));
    f.dispose();
    dl.dispose([a, b]);
  });

  it('keeps arguments apart that share their values in one call and not in another', () => {
    const f = recorded((x: dl.Tensor, y: dl.Tensor) => x.sub(y));
    for (let i = 0; i < 4; i++) {
      dl.tidy(() => {
        const x = dl.scalar(i);
        expectExact(f(x, x), 0);
        expectExact(f(x, x.clone()), 0);
        expectExact(f(x, dl.scalar(1)), i - 1);
      });
    }
    f.dispose();
  });

  it('draws the random numbers of the function', () => {
    const f = (x: dl.Tensor): dl.Tensor => dl.dropout(x, 0.5).add(dl.randomNormal([3]));
    const replaying = recorded(f);
    const drawn = (g: typeof f): number[][] => {
      dl.setSeed(3);
      return Array.from({ length: 5 }, () => dl.tidy(() => Array.from(g(dl.ones([3])).dataSync())));
    };
    expect(drawn(replaying)).toEqual(drawn(f));
    dl.setSeed(3);
    for (let i = 0; i < 4; i++) dl.tidy(() => void f(dl.ones([3])));
    const { counter } = dl.getRandomState();
    dl.setSeed(3);
    for (let i = 0; i < 4; i++) dl.tidy(() => void replaying(dl.ones([3])));
    expect(dl.getRandomState().counter).toBe(counter);
    replaying.dispose();
  });

  it('is taped where gradients are wanted, so that all derivatives hold', () => {
    const w = dl.tidy(() => dl.variable(dl.scalar(2)));
    const f = recorded((x: dl.Tensor) => x.pow(3).mul(w).sum());
    for (let i = 0; i < 4; i++) {
      dl.tidy(() => {
        expectExact(f(dl.tensor1d([1, 2])), 18);
        expectExact(dl.grad(f)(dl.tensor1d([1, 2])), [6, 24]);
        expectExact(dl.grad((x) => dl.grad(f)(x).sum())(dl.tensor1d([1, 2])), [12, 24]);
        const { value, grads } = dl.variableGrads(() => f(dl.tensor1d([1, 2])).asScalar());
        expectExact(value, 18);
        expectExact(Object.values(grads)[0]!, 9);
      });
    }
    f.dispose();
    w.dispose();
  });

  it('follows which variables are trainable', () => {
    const [a, b] = dl.tidy(() => [dl.variable(dl.scalar(2)), dl.variable(dl.scalar(3))]);
    const f = recorded(() => Object.values(dl.variableGrads(() => a.mul(b).asScalar()).grads));
    const valuesOf = (): number[] => dl.tidy(() => f().map((each) => each.dataSync()[0]!));
    for (let i = 0; i < 4; i++) expect(valuesOf()).toEqual([3, 2]);
    a.trainable = false;
    for (let i = 0; i < 4; i++) expect(valuesOf()).toEqual([2]);
    a.trainable = true;
    expect(valuesOf()).toEqual([3, 2]);
    f.dispose();
    dl.dispose([a, b]);
  });

  it('includes recorded functions that it calls', () => {
    let inner = 0;
    const double = recorded((x: dl.Tensor) => {
      inner++;
      return x.mul(2);
    });
    const f = recorded((x: dl.Tensor) => double(double(x)).add(1));
    for (let i = 0; i < 5; i++) dl.tidy(() => expectExact(f(dl.scalar(i)), 4 * i + 1));
    expect(inner).toBe(4);
    f.dispose();
    double.dispose();
  });

  it('records anew when a tensor that it uses has been disposed', () => {
    let k = dl.scalar(2);
    const f = recorded((x: dl.Tensor) => x.mul(k));
    const twice = (wanted: number): void => {
      for (let i = 0; i < 3; i++) dl.tidy(() => expectExact(f(dl.scalar(3)), wanted));
    };
    twice(6);
    k.dispose();
    expect(() => dl.tidy(() => f(dl.scalar(3)))).toThrowError(
      /mul: argument 'b' is tensor #\d+ .*which was disposed/,
    );
    k = dl.scalar(5);
    twice(15);
    k.dispose();
    f.dispose();
  });

  it('holds nothing on the device between calls but constants, and nothing after dispose', () => {
    const [allocate, free] = (['allocate', 'free'] as const).map((name) =>
      spyOn(dl.backend(), name as 'free').and.callThrough(),
    );
    const held = (): number => allocate!.calls.count() - free!.calls.count();
    const plain = recorded((x: dl.Tensor) => x.square().sqrt());
    const withConstant = recorded((x: dl.Tensor) =>
      x.mul(dl.ones([1000])).add(dl.tensor1d(new Float32Array(1000))),
    );
    for (let i = 0; i < 4; i++) dl.tidy(() => void plain(dl.zeros([1000])));
    expect(held()).toBe(0);
    for (let i = 0; i < 4; i++) dl.tidy(() => void withConstant(dl.zeros([1000])));
    expect(held()).toBeGreaterThan(0);
    withConstant.dispose();
    expect(held()).toBe(0);
    plain.dispose();
  });

  it('keeps the programs that were used latest', () => {
    let runs = 0;
    const f = recorded(
      (x: dl.Tensor) => {
        runs++;
        return x.neg();
      },
      { programs: 2 },
    );
    const call = (size: number): void => dl.tidy(() => void f(dl.zeros([size])));
    for (const size of [1, 1, 1, 2, 2, 2, 1]) call(size);
    expect(runs).toBe(4);
    call(3); // the program for 2 is dropped
    call(1);
    expect(runs).toBe(5);
    call(2);
    expect(runs).toBe(6);
    f.dispose();
  });

  it('warns once of a number that takes more than 8 values', () => {
    const warn = spyOn(console, 'warn');
    const f = recorded((x: dl.Tensor, by: number) => x.mul(by));
    for (let i = 0; i < 12; i++) dl.tidy(() => expectExact(f(dl.scalar(2), i), 2 * i));
    expect(warn.calls.allArgs()).toEqual([
      [
        'rxtensor: recorded: the number at argument 1 has taken more than 8 values, and a program is recorded for each; pass a scalar tensor: ' +
          'dl.scalar(value)',
      ],
    ]);
    f.dispose();
  });
});

describe('recorded in debug mode', () => {
  afterEach(() => dl.disableDebugMode());

  it('compares some calls with the function, and names what differs', () => {
    let k = 2;
    const f = recorded((x: dl.Tensor) => x.square().mul(k));
    const call = (): void => dl.tidy(() => expectExact(f(dl.scalar(3)), 18));
    for (let i = 0; i < 3; i++) call();
    k = 5;
    call(); // found by nobody: the program has the 2
    k = 2;
    dl.enableDebugMode({ log: false });
    for (let i = 0; i < 20; i++) call();
    k = 5;
    expect(() => {
      for (let i = 0; i < 20; i++) call();
    }).toThrowError(
      "recorded: the function does something else than its program, found in debug mode: 'mul' uses a value from plain JavaScript, 2 in one call and 5 " +
        'in another; wanted it as an argument of the function: a tensor, or a plain number if it has few values',
    );
    f.dispose();
  });
});

describe("recorded with rounding 'close'", () => {
  it('takes fewer steps, whose results are close', async () => {
    const weights = dl.keep(dl.randomNormal<dl.Rank.R4>([3, 3, 3, 4], 0, 1, 'float32', 1));
    const rows = dl.tidy(() =>
      [1, 2, 3, 4].map((seed) => dl.keep(dl.randomUniform([4], 0.5, 1, 'float32', seed))),
    );
    const [mean, variance, offset, scale] = rows as [dl.Tensor1D, dl.Tensor1D, dl.Tensor1D, dl.Tensor1D];
    const f = (x: dl.Tensor4D): dl.Tensor =>
      dl.batchNorm(dl.conv2d(x, weights, 1, 'same'), mean, variance, offset, scale).relu();
    const replaying = recorded(f, { rounding: 'close' });
    for (let i = 0; i < 5; i++) {
      const [found, wanted] = dl.tidy(() => {
        const x = dl.randomNormal<dl.Rank.R4>([1, 6, 6, 3], 0, 1, 'float32', i);
        return [replaying(x), f(x)] as const;
      });
      expectClose(await found.data(), [...(await wanted.data())], { cpu: 1e-5, webgl: 1e-3 });
      dl.dispose([found, wanted]);
    }
    expect(explain(replaying)).toContain('3 kernel calls recorded, 8 steps');
    expect(explain(replaying)).toMatch(/each run:\n.*conv2d.*activation=relu.*\nout:/);
    replaying.dispose();
    dl.dispose([weights, ...rows]);
  });
});

describe('explain', () => {
  it('shows the steps of each program, or why there is none', () => {
    const f = recorded((x: dl.Tensor) => x.mul(2).add(1).relu());
    expect(explain(f)).toBe('nothing has been recorded yet');
    dl.tidy(() => void f(dl.ones([5])));
    for (let i = 0; i < 3; i++) dl.tidy(() => void f(dl.ones([4])));
    const text = explain(f);
    expect(text).toContain(
      `(float32[5]@0~0) on ${dl.getBackend()}: recorded once; the program is ready when two calls agree`,
    );
    expect(text).toContain(`(float32[4]@0~0) on ${dl.getBackend()}: 3 kernel calls recorded, 3 steps`);
    expect(text).toMatch(/binary mul.*\n.*binary add.*\n.*unary relu/);
    expect(() => explain(() => null)).toThrowError(/^explain: argument 'f' is no recorded function/);
    expect(() => explain(f, 3 as never)).toThrowError(/^explain: argument 'args' is .*3; wanted a list of/);
    const g = recorded((x: dl.Tensor) => x.mul(x.dataSync()[0]!), { otherwise: 'run' });
    const warn = spyOn(console, 'warn');
    dl.tidy(() => void g(dl.ones([1])));
    expect(warn).toHaveBeenCalledTimes(1);
    expect(explain(g)).toContain("cannot be recorded: 'dataSync' reads a tensor on the host");
    for (const each of [f, g]) each.dispose();
  });

  it('shows where time goes, and leaves variables and random numbers as they are', async () => {
    const weights = dl.tidy(() => dl.variable(dl.ones([32, 32])));
    const f = recorded((x: dl.Tensor2D) => {
      const y = x.matMul(weights);
      const noise = dl.randomUniform([32, 32]);
      weights.assign(weights.add(1).as2D(32, 32));
      return y.add(noise).relu().mul(2);
    });
    for (let i = 0; i < 3; i++) dl.tidy(() => void f(dl.ones([32, 32])));
    const before = [await weights.data(), getRandomState()];
    const text = dl.tidy(() => explain(f, [dl.ones([32, 32])]));
    expect([await weights.data(), getRandomState()]).toEqual(before);
    if (dl.getBackend() === 'cpu') {
      expect(text).toMatch(/each run, [\d.e-]+ ms:/);
      expect(text).toMatch(/[\d.e-]+ ms, [\d.]+ %: %\d+\[1, 32, 32\] = matMul/);
    } else expect(text).not.toContain(' ms');
    expect(dl.tidy(() => explain(f, [dl.ones([2])]))).not.toContain(' ms');
    f.dispose();
    weights.dispose();
  });
});
