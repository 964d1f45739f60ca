import * as dl from 'rxtensor/tensor';

describe('debug mode', () => {
  afterEach(() => dl.disableDebugMode());

  it('stops at the first NaN, and names the op and its inputs', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([1, -1]);
      dl.enableDebugMode({ log: false });
      expect(() => x.square().log().sum()).not.toThrow();
      expect(() => x.log().sum()).toThrowError(
        'log: the result of shape [2] contains NaN. input 0: float32 of shape [2]',
      );
      dl.disableDebugMode();
      const bad = x.log();
      dl.enableDebugMode({ log: false });
      expect(() => bad.add(x)).toThrowError(
        /^add: .* input 0: float32 of shape \[2\], which contains NaN; input 1: float32 of shape \[2\]$/,
      );
    });
  });

  it('leaves nothing allocated when it stops', () => {
    const before = dl.memory().numTensors;
    dl.enableDebugMode({ log: false });
    expect(() => dl.tidy(() => dl.sqrt([-1]))).toThrowError(/sqrt: the result of shape \[1\] contains NaN/);
    expect(dl.memory().numTensors).toBe(before);
  });

  it('writes each kernel to the console, with its time and shapes', () => {
    const log = spyOn(console, 'log');
    dl.enableDebugMode();
    dl.tidy(() => void dl.ones([2]).add(dl.ones([3, 1], 'int32')));
    dl.disableDebugMode();
    dl.tidy(() => void dl.ones([2]));
    const lines = log.calls.allArgs().map(([line]) => String(line).replace(/[\d.]+ ms/, '? ms'));
    expect(lines).toEqual([
      'rxtensor: ones (fill) ? ms: nothing → float32 [2], 2 elements',
      'rxtensor: ones (fill) ? ms: nothing → int32 [3,1], 3 elements',
      'rxtensor: cast (cast) ? ms: int32 [3,1] → float32 [3,1], 3 elements',
      'rxtensor: add (binary) ? ms: float32 [2], float32 [3,1] → float32 [3,2], 6 elements',
    ]);
  });

  it('observes once, however often it is turned on', () => {
    const log = spyOn(console, 'log');
    dl.enableDebugMode();
    dl.enableDebugMode();
    dl.tidy(() => void dl.ones([2]));
    expect(log).toHaveBeenCalledTimes(1);
  });
});
