import * as dl from 'rxtensor';
import { from, of } from 'rxjs';
import { isTaped } from '../../tensor/tape';
import { marbles, read } from '../../../test/support/marbles';

describe('predict', () => {
  let weight: dl.Variable;

  beforeEach(() => {
    weight = dl.tidy(() => dl.variable(dl.scalar(3)));
  });

  afterEach(() => weight.dispose());

  it('projects each value', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('          --a--b--(c|)', { a: 1, b: 2, c: 3 });
      const result = source.pipe(
        dl.predict((x) => dl.mul(weight, x)),
        read(),
      );
      expectObservable(result).toBe('--a--b--(c|)', { a: 3, b: 6, c: 9 });
      expectObservable(result, '---!').toBe('--a-', { a: 3 });
    });
  });

  it('tapes nothing', () => {
    const taped: boolean[] = [];
    const buffers: number[] = [];
    const model = (x: number): dl.Tensor => {
      const hidden = dl.mul(weight, x);
      return dl.square(hidden);
    };
    for (const operator of [dl.mapTensor(model), dl.predict(model)]) {
      of(2)
        .pipe(operator)
        .subscribe((y) => {
          taped.push(isTaped(y));
          buffers.push(dl.memory().numDataBuffers);
        });
    }
    expect(taped).toEqual([true, false]);
    // The tape keeps the factor for the gradient of the product, and the hidden value for that of the square.
    expect(buffers[0]! - buffers[1]!).toBe(2);
  });

  it('leaves what comes after it to be taped', () => {
    const taped: boolean[] = [];
    of(2)
      .pipe(
        dl.predict((x) => dl.mul(weight, x)),
        dl.mapTensor((y) => dl.mul(weight, y)),
      )
      .subscribe((y) => taped.push(isTaped(y)));
    expect(taped).toEqual([true]);
  });

  it('goes on taping after an error in the model', () => {
    const failing = dl.predict((): dl.Tensor => {
      throw new Error('in the model');
    });
    let error: unknown;
    of(1)
      .pipe(failing)
      .subscribe({ error: (found: unknown) => (error = found) });
    expect(error).toEqual(new Error('in the model'));
    from([1])
      .pipe(dl.mapTensor((x) => dl.mul(weight, x)))
      .subscribe((y) => expect(isTaped(y)).toBeTrue());
  });

  it('refuses a promise and what is no function', () => {
    let error: unknown;
    of(1)
      .pipe(dl.predict((x) => Promise.resolve(x)))
      .subscribe({ error: (found: unknown) => (error = found) });
    expect(String(error)).toMatch(/^Error: predict: the projection returned a promise/);
    expect(() => dl.predict(undefined as never)).toThrowError(
      "predict: argument 'model' is undefined; wanted a function, or a model",
    );
  });
});
