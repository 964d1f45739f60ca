import * as dl from 'rxtensor/tensor';
import { closeScope } from '../tensor/scope';
import { openScope, popFrame, pushFrame } from '../tensor/extent';
import { expectNoLeak } from '.';
import { watchLeaks } from './leaks';

/** What a watch says of some work, once it has been cleaned up. */
function leaksOf(work: () => void): string {
  const watch = watchLeaks();
  work();
  const found = watch.leaks();
  watch.stop();
  return found.join('\n');
}

describe('watchLeaks', () => {
  it('finds nothing where nothing was left', () => {
    expect(leaksOf(() => dl.tidy(() => void dl.ones([3]).square()))).toBe('');
  });

  it('names a tensor that was left, and frees it', () => {
    const before = dl.memory().numTensors;
    const found = leaksOf(() => dl.ones([2, 3]));
    expect(found).toMatch(/numTensors was \d+ and is \d+/);
    expect(found).toMatch(/numBytes was \d+ and is \d+/);
    expect(found).toMatch(/float32 of shape \[2,3\], made by ones/);
    expect(dl.memory().numTensors).toBe(before);
  });

  it('counts tensors that no kernel made', () => {
    let a: dl.Tensor | undefined;
    expect(leaksOf(() => (a = dl.tensor1d([1])))).toMatch(/numTensors/);
    a?.dispose();
  });

  it('finds what was disposed too much', () => {
    const a = dl.ones([1]);
    expect(leaksOf(() => a.dispose())).toMatch(/numTensors/);
  });

  it('names a variable, and one that is gone', () => {
    expect(leaksOf(() => dl.tidy(() => dl.variable(dl.scalar(1), true, 'forgotten')))).toMatch(
      /variable 'forgotten' was not disposed/,
    );
    const v = dl.tidy(() => dl.variable(dl.scalar(1), true, 'gone'));
    expect(leaksOf(() => v.dispose())).toMatch(/variable 'gone', which was there before, was disposed/);
  });

  it('sees an open scope and closes it', () => {
    expect(leaksOf(() => openScope('emission', 'mapTensor'))).toMatch(
      /scopes were open.*innermost: 'mapTensor'/,
    );
  });

  it('sees an open frame of the tape and closes it', () => {
    expect(leaksOf(() => pushFrame('gradient', 'grad', true))).toMatch(
      /open frame of the tape is 'grad'; it was none/,
    );
  });

  it('sees what is left inside of an open scope and frame', () => {
    const scope = openScope('tidy', 'outer');
    const frame = pushFrame('gradient', 'outer', true);
    expect(leaksOf(() => void dl.ones([1]))).toMatch(/made by ones/);
    popFrame(frame);
    closeScope(scope);
  });
});

describe('expectNoLeak', () => {
  it('gives what the function gives', async () => {
    expect(expectNoLeak(() => 3)).toBe(3);
    expect(await expectNoLeak(() => Promise.resolve(4))).toBe(4);
  });

  it('throws where something was left', () => {
    expect(() => expectNoLeak(() => dl.ones([2]))).toThrowError(
      /expectNoLeak.*left something behind(.|\n)*made by ones/,
    );
  });

  it('waits for a promise', async () => {
    const work = async (): Promise<void> => {
      await Promise.resolve();
      dl.ones([2]);
    };
    await expectAsync(expectNoLeak(work)).toBeRejectedWithError(/left something behind/);
  });

  it('passes an error on', async () => {
    expect(() =>
      expectNoLeak(() => {
        throw new Error('mine');
      }),
    ).toThrowError('mine');
    await expectAsync(expectNoLeak(() => Promise.reject(new Error('mine')))).toBeRejectedWithError('mine');
  });
});
