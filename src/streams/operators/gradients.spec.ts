import * as dl from 'rxtensor';
import { concat, map, of, tap, throwError } from 'rxjs';
import { batches$, byHand, collect, Line } from '../../../test/support/line-fit';
import { marbles, plain, typeOnly } from '../../../test/support/marbles';
import { isTaped } from '../../tensor/tape';

describe('gradients', () => {
  let line: Line;
  beforeEach(() => (line = new Line()));
  afterEach(() => line.dispose());

  /** The same gradients by the function of the tensor layer. */
  const wanted = (count: number): unknown[] => {
    const seen: unknown[] = [];
    batches$(count)
      .pipe(
        map((batch) => {
          const { value, grads } = dl.variableGrads(() => line.loss(batch) as dl.Scalar);
          return { loss: value, grads };
        }),
      )
      .subscribe((each) => seen.push(plain(each)));
    return seen;
  };

  it('emits the loss and its gradients by variable name, in both forms', () => {
    const expected = wanted(3);
    expect(Object.keys((expected[0] as { grads: object }).grads)).toEqual([
      line.slope.name,
      line.offset.name,
    ]);
    expect(collect(batches$(3).pipe(dl.gradients(line.loss)))).toEqual({ seen: expected, error: '' });
    const second = batches$(3).pipe(dl.mapTensor(line.loss), dl.gradients());
    expect(collect(second)).toEqual({ seen: expected, error: '' });
    expect(line.values).toEqual([0, 0]);
  });

  it('follows its source', () => {
    marbles(({ cold, expectObservable }) => {
      const result = cold('-a-a-|').pipe(
        dl.gradients(() => dl.square(line.slope)),
        map(() => 'g'),
      );
      expectObservable(result).toBe('-g-g-|', { g: 'g' });
      expectObservable(result, '---!').toBe('-g-', { g: 'g' });
    });
    const failing = concat(
      of(1),
      throwError(() => new Error('from above')),
    );
    const { seen, error } = collect(failing.pipe(dl.gradients(() => dl.square(line.slope))));
    expect([seen.length, error]).toEqual([1, 'Error: from above']);
  });

  it('emits constants, which end with the emission', () => {
    const made: dl.Tensor[] = [];
    batches$(1)
      .pipe(
        dl.gradients(line.loss),
        tap(({ loss, grads }) => made.push(loss, ...Object.values(grads))),
        tap(() => expect(made.some((each) => isTaped(each) || each.isDisposed)).toBeFalse()),
      )
      .subscribe();
    expect(made.length).toBe(3);
    expect(made.every((each) => each.isDisposed)).toBeTrue();
  });

  it('differentiates by the variables of the option, and takes a loss among other outputs', () => {
    const stream = batches$(1).pipe(
      dl.gradients((batch) => ({ loss: line.loss(batch), guess: line.model(batch.x) }), {
        variables: [line.offset],
      }),
      map(({ grads }) => Object.keys(grads)),
    );
    expect(collect(stream)).toEqual({ seen: [[line.offset.name]], error: '' });
  });

  it('uses the tape up, unless it is retained', () => {
    const twice = (retainTape: boolean): ReturnType<typeof collect> =>
      collect(
        batches$(1).pipe(
          dl.mapTensor((batch) => ({ loss: line.loss(batch) })),
          map(({ loss }) => {
            const losses: unknown[] = [];
            for (let i = 0; i < 2; i++)
              of(loss)
                .pipe(dl.gradients({ retainTape }))
                .subscribe({
                  next: (each) => losses.push(plain(each)),
                  error: (error: unknown) => losses.push(String(error)),
                });
            return losses;
          }),
        ),
      );
    const [[first, second]] = twice(false).seen as [[unknown, string]];
    expect(first).toEqual(wanted(1)[0]);
    expect(second).toMatch(/^Error: gradients: the tape of this loss was used up by an earlier step/);
    expect(twice(true).seen).toEqual([[first, first]]);
  });

  it('refuses a constant, a promise and what is no scalar, by its own name', () => {
    const errorOf = (loss: (batch: { x: dl.Tensor }) => unknown): string =>
      collect(batches$(1).pipe(dl.gradients(loss as () => dl.Tensor))).error;
    expect(errorOf(({ x }) => dl.mean(x))).toMatch(/^Error: gradients: the loss is a constant/);
    expect(errorOf(() => Promise.resolve(1))).toMatch(
      /^Error: gradients: the loss function returned a promise/,
    );
    expect(errorOf(({ x }) => line.model(x))).toMatch(/^Error: gradients: the loss has shape \[4\]/);
    expect(errorOf(() => ({ loss: 3 }))).toMatch(/returned number; wanted a tensor/);
  });
});

describe('applyGradients', () => {
  let line: Line;
  beforeEach(() => (line = new Line(dl.train.adam(0.1))));
  afterEach(() => line.dispose());

  it('is with gradients what trainStep is', () => {
    const hand = new Line(dl.train.adam(0.1));
    const wanted = byHand(hand);
    const halves = batches$().pipe(dl.gradients(line.loss), dl.applyGradients(line.optimizer));
    expect(collect(halves)).toEqual({ seen: wanted, error: '' });
    expect(line.values).toEqual(hand.values);
    hand.dispose();
  });

  it('leaves room for plain operators in between', () => {
    const hand = new Line(dl.train.sgd(0.1));
    const halved = new Line(dl.train.sgd(0.2));
    const wanted = byHand(hand);
    const halves = batches$().pipe(
      dl.gradients(halved.loss),
      map(({ loss, grads }) => ({
        loss,
        grads: Object.fromEntries(Object.entries(grads).map(([name, each]) => [name, each.mul(0.5)])),
      })),
      dl.applyGradients(halved.optimizer),
    );
    const { seen } = collect(halves);
    seen.forEach((loss, i) => expect(loss).toBeCloseTo(wanted[i] as number, 5));
    expect(seen.length).toBe(wanted.length);
    for (const each of [hand, halved]) each.dispose();
  });

  it('emits the loss as a constant, when the variables have changed', () => {
    const slopes: unknown[] = [];
    batches$(2)
      .pipe(
        dl.gradients(line.loss),
        dl.applyGradients(line.optimizer, { learningRate: of(0.5), hyperparameters: { beta1: 0.5 } }),
      )
      .subscribe((loss) => {
        expect(isTaped(loss)).toBeFalse();
        slopes.push(plain(line.slope));
      });
    // Adam's first step is as long as its learning rate.
    expect(Math.abs(slopes[0] as number)).toBeCloseTo(0.5, 3);
    expect(slopes.length).toBe(2);
  });

  it('follows its source, and lets go of its hyper-parameters', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const rate = hot('--');
      const result = cold('-a-a-|').pipe(
        dl.gradients(() => dl.square(line.slope)),
        dl.applyGradients(line.optimizer, { learningRate: rate.pipe(map(() => 1)) }),
        map(() => 'l'),
      );
      expectObservable(result, '----!').toBe('-l-l', { l: 'l' });
      expectSubscriptions(rate.subscriptions).toBe('^---!');
    });
    const failing = throwError(() => new Error('from above'));
    expect(collect(failing.pipe(dl.applyGradients(line.optimizer))).error).toBe('Error: from above');
  });

  it('refuses what is no {loss, grads}, an unknown name, and what is no optimizer', () => {
    const errorOf = (value: (batch: dl.Tensor) => unknown): string =>
      collect(
        batches$(1).pipe(
          map(({ x }) => value(x)),
          dl.mapTensor((each) => each as dl.LossGradients),
          dl.applyGradients(line.optimizer),
        ),
      ).error;
    expect(errorOf((x) => x)).toBe(
      'Error: applyGradients: the value is a tensor; wanted {loss, grads}, as gradients() emits',
    );
    expect(errorOf(() => 3)).toMatch(/the value is number; wanted {loss, grads}/);
    expect(errorOf((x) => ({ loss: x, grads: { nobody: x } }))).toMatch(
      /applyGradients: argument 'gradients' names 'nobody'; wanted names of living variables/,
    );
    expect(() => dl.applyGradients({} as never)).toThrowError(
      "applyGradients: argument 'optimizer' is object; wanted an optimizer, as train.adam()",
    );
  });

  it('has the types of what it emits', () => {
    const check = (): void => {
      const losses = typeOnly<dl.LossGradients>();
      of(losses)
        .pipe(dl.applyGradients(line.optimizer))
        .subscribe((loss: dl.Scalar) => loss.print());
    };
    expect(check).toBeInstanceOf(Function);
  });
});
