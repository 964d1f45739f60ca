import { windowGeometry, type WindowOptions } from './window-geometry';

const options = (changes: Partial<WindowOptions>): WindowOptions => ({
  op: 'conv2d',
  shape: [1, 5, 7, 3],
  filter: [3, 3],
  outChannels: 4,
  strides: 1,
  dilations: 1,
  pad: 'valid',
  ...changes,
});

function extents(changes: Partial<WindowOptions>): number[] {
  const g = windowGeometry(options(changes));
  return [g.outHeight, g.outWidth, g.padTop, g.padLeft];
}

describe('windowGeometry', () => {
  it('valid takes whole windows', () => {
    expect(extents({})).toEqual([3, 5, 0, 0]);
    expect(extents({ strides: 2 })).toEqual([2, 3, 0, 0]);
    expect(extents({ dilations: 2 })).toEqual([1, 3, 0, 0]);
    expect(extents({ filter: [6, 1] })).toEqual([0, 7, 0, 0]);
  });

  it('same gives ⌈input / stride⌉, the odd element behind', () => {
    expect(extents({ pad: 'same' })).toEqual([5, 7, 1, 1]);
    expect(extents({ pad: 'same', strides: 2 })).toEqual([3, 4, 1, 1]);
    expect(extents({ pad: 'same', filter: [2, 2] })).toEqual([5, 7, 0, 0]);
    expect(extents({ pad: 'same', filter: [4, 4] })).toEqual([5, 7, 1, 1]);
    expect(extents({ pad: 'same', strides: [3, 4] })).toEqual([2, 2, 0, 0]);
    expect(extents({ pad: 'same', dilations: [2, 1] })).toEqual([5, 7, 2, 1]);
  });

  it('a number pads both sides, and rounds down unless told otherwise', () => {
    expect(extents({ pad: 1 })).toEqual([5, 7, 1, 1]);
    expect(extents({ pad: 0, shape: [1, 6, 6, 3], strides: 2, dimRoundingMode: 'floor' })).toEqual([
      2, 2, 0, 0,
    ]);
    expect(extents({ pad: 0, shape: [1, 6, 6, 3], strides: 2, dimRoundingMode: 'ceil' })).toEqual([
      3, 3, 0, 0,
    ]);
    expect(extents({ pad: 0, shape: [1, 6, 6, 3], strides: 2, dimRoundingMode: 'round' })).toEqual([
      3, 3, 0, 0,
    ]);
    expect(extents({ pad: 0, shape: [1, 6, 6, 3], strides: 2 })).toEqual([2, 2, 0, 0]);
  });

  it('takes explicit pairs', () => {
    expect(
      extents({
        pad: [
          [0, 0],
          [1, 2],
          [0, 3],
          [0, 0],
        ],
      }),
    ).toEqual([6, 8, 1, 0]);
  });

  it('names what is wrong', () => {
    expect(() => windowGeometry(options({ strides: 0 }))).toThrowError(
      /conv2d: argument 'strides' is 0; wanted a positive integer, or two of them/,
    );
    expect(() => windowGeometry(options({ dilations: [1, 1.5] }))).toThrowError(
      /argument 'dilations' is \[1,1\.5\]/,
    );
    expect(() => windowGeometry(options({ strides: 2, dilations: 2 }))).toThrowError(
      /'strides' and 'dilations' are \[2,2\] and \[2,2\]; wanted one of them to be 1/,
    );
    for (const pad of ['full', -1, 1.5, [[1, 1]]]) {
      expect(() => windowGeometry(options({ pad: pad as never }))).toThrowError(
        /argument 'pad' is .*wanted 'same', 'valid', a non-negative integer, or four pairs/,
      );
    }
    expect(() => windowGeometry(options({ pad: 1, dimRoundingMode: 'up' as never }))).toThrowError(
      /'dimRoundingMode' is 'up'; wanted 'floor', 'round' or 'ceil'/,
    );
    expect(() => windowGeometry(options({ pad: 'same', dimRoundingMode: 'floor' }))).toThrowError(
      /'dimRoundingMode' is 'floor' with pad 'same'/,
    );
  });
});
