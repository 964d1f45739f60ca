import * as dl from 'rxtensor';
import { recorded, type RecordedOptions } from 'rxtensor/programs';
import { withFailingAllocation } from '../../test/support/failing-allocations';
import { expectExact } from '../../test/support/close';
import { isRecording } from './recording';

/** A function that cannot be recorded, and the error that says why. */
interface Unrecordable {
  readonly f: (x: dl.Tensor) => unknown;
  readonly error: RegExp;
  /** The number of the call that finds it. */
  readonly call: number;
}

let count = 0;
let kept: dl.Tensor[] = [];

const unrecordable: Readonly<Record<string, Unrecordable>> = {
  'reading a value': {
    f: (x) => x.mul(x.sum().dataSync()[0]!),
    error:
      /^recorded: 'dataSync' reads a tensor on the host, where a replay computes nothing; wanted it between two programs: inSegments$/,
    call: 1,
  },
  'a host op': {
    f: (x) => dl.unique(x.square()).values,
    error: /^recorded: 'unique' reads a tensor on the host/,
    call: 1,
  },
  'a read that nobody awaits': {
    f: (x) => {
      void x.data().catch(() => undefined);
      return x.neg();
    },
    error: /^recorded: 'data' reads a tensor on the host/,
    call: 1,
  },
  'making a variable': {
    f: (x) => {
      const made = dl.variable(x);
      kept.push(made);
      return made.mul(2);
    },
    error:
      /^recorded: it makes the variable '\w+', which each call would make anew; wanted variables that exist before$/,
    call: 1,
  },
  'disposing an argument': {
    f: (x) => {
      const y = x.neg();
      x.dispose();
      return y;
    },
    error: /^recorded: it disposes an argument; wanted arguments that stay the caller's$/,
    call: 1,
  },
  'a picture of the page': {
    f: () => dl.browser.fromPixels({ data: new Uint8Array(4), width: 1, height: 1 }),
    error: /^recorded: 'fromPixels' takes a picture of the page, which is no argument$/,
    call: 1,
  },
  'a number that changes': {
    f: (x) => x.mul(++count),
    error:
      /^recorded: 'mul' uses a value from plain JavaScript, \d+ in one call and \d+ in another; wanted it as an argument of the function/,
    call: 2,
  },
  'an attribute that changes': {
    f: (x) => dl.leakyRelu(x, ++count),
    error:
      /^recorded: 'leakyRelu' has p \d+ in one call and \d+ in another: it comes from plain JavaScript; wanted it as an argument/,
    call: 2,
  },
  'a tensor of values that change': {
    f: (x) => x.add(dl.tensor1d([1, ++count])),
    error: /^recorded: 'add' uses a value from plain JavaScript, \d+ in one call and \d+ in another/,
    call: 2,
  },
  'a constant result that changes': {
    f: () => dl.tensor1d([0, ++count]),
    error: /^recorded: the result uses a value from plain JavaScript, \d+ in one call and \d+ in another/,
    call: 2,
  },
  'a tensor from outside that changes': {
    f: (x) => {
      kept.push(dl.keep(dl.tidy(() => dl.scalar(++count))));
      return x.mul(kept.at(-1));
    },
    error: /^recorded: /,
    call: 3,
  },
  'another result than tensors': {
    f: (x) => ({ y: x.neg(), time: ++count }),
    error: /^recorded: the result has parts that are no tensors, and differ from call to call$/,
    call: 2,
  },
  'other kernels in each call': {
    f: (x) => (++count % 2 === 0 ? x.neg() : x.square()),
    error:
      /^recorded: one call runs '\w+' where another runs '\w+': which kernels run depends on more than the arguments' shapes and plain values$/,
    call: 4,
  },
  'keeping a tensor': {
    f: (x) => {
      kept.push(dl.keep(x.neg()));
      return x.square();
    },
    error: /^recorded: it leaves a tensor that it keeps/,
    call: 3,
  },
  'a function with a promise': {
    f: async (x) => Promise.resolve(x.shape),
    error:
      /^recorded: the function returned a promise; wanted tensors or plain values: record the parts between two awaits, as inSegments does$/,
    call: 1,
  },
};

describe('recorded refuses', () => {
  beforeEach(() => {
    count = 0;
    kept = [];
  });
  afterEach(() => {
    dl.dispose(kept.filter((each) => !each.isDisposed));
    expect(isRecording()).toBeFalse();
  });

  /** The number of the call that fails, and its message. */
  function firstFailure(f: Unrecordable['f'], options: RecordedOptions, calls: number): [number, string] {
    const again = recorded(f, options);
    for (let i = 1; i <= calls; i++) {
      const { numTensors } = dl.memory();
      const before = kept.length;
      try {
        dl.tidy(() => void again(dl.tensor1d([1, 2])));
      } catch (error) {
        expect(dl.memory().numTensors - numTensors).toBe(
          kept.slice(before).filter((each) => !each.isDisposed).length,
        );
        again.dispose();
        return [i, (error as Error).message];
      }
    }
    again.dispose();
    return [0, 'none'];
  }

  for (const [what, { f, error, call }] of Object.entries(unrecordable)) {
    it(what, () => {
      const [failed, message] = firstFailure(f, {}, 6);
      expect(message).toMatch(error);
      expect(failed).toBe(call);
    });

    if (what === 'a function with a promise') continue;
    it(`${what}, but may run it as it is, with one warning`, () => {
      const warn = spyOn(console, 'warn');
      expect(firstFailure(f, { otherwise: 'run' }, 6)).toEqual([0, 'none']);
      const texts = warn.calls.allArgs().map(([text]) => String(text));
      expect(texts.length).toBe(1);
      expect(texts[0]).toMatch(new RegExp(error.source.replace('^', '^rxtensor: ').replace('$', '')));
      expect(texts[0]).toMatch(/\. The function runs as it is, since otherwise is 'run'$/);
      dl.enableDebugMode({ log: false });
      dl.disableDebugMode(); // forgets the warning
    });
  }

  it('options that it does not know, and values that they do not take', () => {
    const f = (x: dl.Tensor): dl.Tensor => x;
    expect(() => recorded(f, { other: 'run' } as never)).toThrowError(
      /^recorded: there is no option 'other'/,
    );
    expect(() => recorded(f, { otherwise: 'walk' } as never)).toThrowError(
      "recorded: option 'otherwise' is 'walk'; wanted one of 'throw', 'run'",
    );
    expect(() => recorded(f, { programs: 0 })).toThrowError(
      "recorded: option 'programs' is 0; wanted a positive integer",
    );
    const sgd = dl.train.sgd(0.1);
    expect(() => dl.trainStep(sgd, { recorded: true } as never)).toThrowError(
      "trainStep: option 'recorded' is true; wanted the function recorded of rxtensor/programs",
    );
  });

  it('arguments whose values could change unseen', () => {
    const f = recorded((values: unknown) => dl.scalar((values as number[]).length));
    expect(() => f(new Float32Array(2))).toThrowError(
      'recorded: argument 0 is a Float32Array; wanted tensors, functions and plain values, in arrays and plain objects',
    );
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    expect(() => f([cyclic])).toThrowError(
      /^recorded: argument 0\[0\]\[0\] is a structure that contains itself; wanted/,
    );
    f.dispose();
  });
});

describe('recorded, after an error', () => {
  it('leaves nothing behind in a replay, at any allocation, and goes on', () => {
    const w = dl.tidy(() => dl.variable(dl.ones([20, 20]), true));
    const adam = dl.train.adam(0.1);
    const step = recorded((x: dl.Tensor) => adam.minimize(() => w.matMul(x).relu().square().mean(), true)!);
    const call = (): number => dl.tidy(() => step(dl.ones([20, 20])).dataSync()[0]!);
    const losses = Array.from({ length: 4 }, call);
    const x = dl.ones([20, 20]);
    let failures = 0;
    for (let i = 1; i < 40; i++) {
      const { numTensors, numDataBuffers } = dl.memory();
      const [values, { iterations }] = [w.dataSync(), adam];
      let error: unknown = null;
      const isReached = withFailingAllocation(i, () => {
        try {
          dl.tidy(() => void step(x));
        } catch (caught) {
          error = caught;
        }
      });
      expect(error !== null).toBe(isReached);
      if (!isReached) break;
      failures++;
      expect(dl.memory()).toEqual(jasmine.objectContaining({ numTensors, numDataBuffers }));
      expect(w.dataSync()).toEqual(values);
      expect(adam.iterations).toBe(iterations);
      losses.push(call(), call(), call());
    }
    expect(failures).toBeGreaterThan(2);
    expect([...losses]).toEqual([...losses].sort((a, b) => b - a));
    dl.dispose([w, x]);
    adam.dispose();
    step.dispose();
  });

  it('leaves nothing behind in a recording', () => {
    const f = recorded((x: dl.Tensor) => x.matMul(dl.ones([3, 3])));
    for (let i = 0; i < 3; i++) expect(() => dl.tidy(() => f(dl.ones([2, 2])))).toThrowError(/matMul/);
    for (let i = 0; i < 3; i++) dl.tidy(() => expectExact(f(dl.ones([1, 3])), [[3, 3, 3]]));
    f.dispose();
  });
});
