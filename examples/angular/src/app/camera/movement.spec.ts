import * as dl from 'rxtensor';
import { boxAround, changed } from './movement';

/** Two pictures [4, 5] with one bright pixel, which is elsewhere in the second. */
function pair(first: [number, number], second: [number, number]): dl.Tensor {
  const picture = ([row, column]: [number, number]): number[][] =>
    Array.from({ length: 4 }, (_, y) =>
      Array.from({ length: 5 }, (_, x) => Number(y === row && x === column)),
    );
  return dl.tensor3d([picture(first), picture(second)]);
}

function boxOf(first: [number, number], second: [number, number]): ReturnType<typeof boxAround> {
  return dl.tidy(() => {
    const { rows, columns } = changed(pair(first, second));
    return boxAround(rows.dataSync(), columns.dataSync());
  });
}

describe('the box around a movement', () => {
  it('reaches from where something was to where it is', () => {
    expect(boxOf([1, 3], [2, 1])).toEqual({ left: 1, top: 1, right: 3, bottom: 2 });
    expect(boxOf([0, 0], [3, 4])).toEqual({ left: 0, top: 0, right: 4, bottom: 3 });
  });

  it('is none where nothing moves', () => {
    expect(boxOf([1, 3], [1, 3])).toBeNull();
  });
});
