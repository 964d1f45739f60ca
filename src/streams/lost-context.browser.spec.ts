// What streams tell of a lost WebGL context, and a training that goes on after it.
import * as dl from 'rxtensor';
import { resilient, type ResilientOptions, type ResilientPoint } from 'rxtensor/checkpoints';
import { Subject, of, tap, type Observable } from 'rxjs';
import { far } from '../../test/support/far-side';
import { loseContext } from '../../test/support/lose-context';
import { describeOwnWebGL } from '../../test/support/own-backends';

/** The values and the end of a stream. */
async function ending<T>(stream: Observable<T>): Promise<{ values: T[]; error: unknown }> {
  const values: T[] = [];
  const error: unknown = await stream
    .forEach((value) => values.push(value))
    .then(
      () => null,
      (thrown: unknown) => thrown,
    );
  return { values, error };
}

const data = { x: [1, 2, 3], y: [2, 4, 7] };
const STEPS = 6;

/** A line, and what fits it. */
class Line {
  readonly slope = dl.tidy(() => dl.variable(dl.scalar(0), true, 'slope'));
  readonly offset = dl.tidy(() => dl.variable(dl.tensor1d([0]), true, 'offset'));
  readonly adam = dl.train.adam(0.1);

  steps(startAt = 0): Observable<dl.Scalar> {
    return dl.examples(data, { epochs: 2, shuffle: true, seed: 3, startAt }).pipe(
      dl.batch(1),
      dl.trainStep(this.adam, ({ x, y }) => {
        const noise = dl.randomUniform([1], 0, 0.01);
        return dl.losses.meanSquaredError(y, this.slope.mul(x).add(this.offset).add(noise));
      }),
    );
  }

  async state(): Promise<number[]> {
    const weights = await this.adam.getWeights();
    const all = [this.slope, this.offset, ...weights.map(({ tensor }) => tensor)];
    const values = await Promise.all(all.map((each) => each.data()));
    dl.dispose(weights.map(({ tensor }) => tensor));
    return [this.adam.iterations, ...values.flatMap((each) => [...each])];
  }

  dispose(): void {
    dl.dispose([this.slope, this.offset]);
    this.adam.dispose();
  }
}

describeOwnWebGL('When the context is lost, a stream', () => {
  let line: Line;

  beforeEach(() => {
    dl.setBackend('webgl');
    dl.setSeed(8);
    line = new Line();
  });

  afterEach(() => {
    line.dispose();
    dl.setBackend('webgl');
  });

  it('fails with an error that names the lost variables, at any step of a training', async () => {
    for (let step = 1; step <= STEPS; step++) {
      const { values, error } = await ending(
        line.steps().pipe(
          dl.download(),
          tap(() => {
            if (line.adam.iterations >= step) loseContext();
          }),
        ),
      );
      expect(values.length).toBeLessThanOrEqual(STEPS);
      for (const loss of values) expect(loss).toBeGreaterThan(0);
      if (step < STEPS - 1) {
        expect(error).toBeInstanceOf(dl.ContextLostError);
        expect((error as dl.ContextLostError).variables).toEqual(['slope', 'offset']);
      }
      line.dispose();
      dl.setBackend('webgl');
      line = new Line();
    }
  });

  it('fails in a pending download, and in a paint after the loss', async () => {
    const images = of(1, 2).pipe(
      dl.mapTensor((shade) => dl.fill<dl.Rank.R2>([4, 4], 0.1 * shade).square<dl.Tensor2D>()),
    );
    const pending = ending<unknown>(images.pipe(dl.download()));
    loseContext();
    expect((await pending).error).toBeInstanceOf(dl.ContextLostError);
    dl.setBackend('webgl');
    const painted = await ending<unknown>(
      images.pipe(
        tap(() => loseContext()),
        dl.paint(new OffscreenCanvas(1, 1)),
      ),
    );
    expect(painted.error).toBeInstanceOf(dl.ContextLostError);
  });

  it('writes no checkpoint of what is lost', async () => {
    for (const lostAt of [1, 3, 5]) {
      const store = dl.memoryStore();
      const { error } = await ending(
        line.steps().pipe(
          tap(() => {
            if (line.adam.iterations === lostAt) loseContext();
          }),
          dl.checkpoint({ every: 1, store }),
        ),
      );
      expect(error).toBeInstanceOf(dl.ContextLostError);
      dl.setBackend('webgl');
      line.dispose();
      line = new Line();
      let reached = -1;
      await ending(
        dl.resume(store, line.adam, ({ step }) => {
          reached = step;
          return [];
        }),
      );
      expect(reached).toBeLessThan(lostAt);
      if (reached > 0) expect((await line.state()).slice(1, 3)).not.toContain(0);
    }
  });

  it('fails in a worker too, with the same class of error', async () => {
    const { error } = await ending(
      of(1).pipe(
        dl.mapTensor((x) => dl.scalar(x)),
        far<dl.Scalar, dl.Scalar>('loses its context'),
      ),
    );
    expect(error).toBeInstanceOf(dl.ContextLostError);
    expect((error as Error).message).toContain('the WebGL context is lost');
    expect((error as dl.ContextLostError).variables).toEqual(['far']);
  });

  describe('made by resilient', () => {
    interface Run {
      losses: number[];
      state: number[];
      starts: ResilientPoint[];
      backend: string;
    }

    /** Trains, and loses the context when `lose` says so, for the losses that came so far. */
    async function train(
      lose: (run: Run) => boolean,
      options: Partial<ResilientOptions> = {},
      below = dl.download<dl.Scalar>(),
    ): Promise<Run> {
      line.dispose();
      dl.setBackend('webgl');
      dl.setSeed(8);
      line = new Line();
      const run: Run = { losses: [], state: [], starts: [], backend: '' };
      const store = options.store;
      await resilient(
        line.adam,
        (point) => {
          run.starts.push(point);
          run.losses.length = point.step;
          const steps = line.steps(point.position);
          return (store ? steps.pipe(dl.checkpoint({ every: 1, store })) : steps).pipe(below);
        },
        store ? options : { shadow: 1, ...options },
      ).forEach((loss) => {
        run.losses.push(loss);
        if (dl.getBackend() === 'webgl' && lose(run)) loseContext();
      });
      run.state = await line.state();
      run.backend = dl.getBackend();
      return run;
    }

    const never = (): boolean => false;

    it('gives the losses and the variables of a run that lost nothing, whenever it is lost', async () => {
      const whole = await train(never);
      expect(whole.losses.length).toBe(STEPS);
      expect(whole.starts.length).toBe(1);
      const everywhere = Array.from({ length: STEPS }, (_, i) => i + 1);
      for (const [options, places] of [
        [{ shadow: 1 }, everywhere],
        [{ shadow: 4 }, [3, STEPS]],
        [{ store: true }, [3, STEPS]],
      ] as const) {
        for (const lostAt of places) {
          let times = 0;
          const run = await train(
            ({ losses }) => losses.length === lostAt && times++ === 0,
            'store' in options ? { store: dl.memoryStore() } : options,
          );
          const note = `${JSON.stringify(options)}, lost at ${lostAt}`;
          expect(run.losses).withContext(note).toEqual(whole.losses);
          expect(run.state).withContext(note).toEqual(whole.state);
          expect(run.backend).withContext(note).toBe('webgl');
          expect(run.starts.length).withContext(note).toBe(2);
          for (const { lost } of run.starts.slice(1)) expect(lost).toBeInstanceOf(dl.ContextLostError);
        }
      }
    });

    it('survives several losses, and two in a row', async () => {
      const whole = await train(never);
      const at = new Map<number, number>();
      const run = await train(({ losses }) => {
        const times = (at.get(losses.length) ?? 0) + 1;
        at.set(losses.length, times);
        return times <= ([0, 1, 0, 0, 2, 0, 1][losses.length] ?? 0);
      });
      expect(run.losses).toEqual(whole.losses);
      expect(run.state).toEqual(whole.state);
      expect(run.backend).toBe('webgl');
    });

    it('begins though the context was lost before anything ran', async () => {
      const whole = await train(never);
      line.dispose();
      dl.setSeed(8);
      line = new Line();
      loseContext();
      const losses: number[] = [];
      await resilient(line.adam, ({ position }) => line.steps(position).pipe(dl.download()), {
        shadow: 2,
      }).forEach((loss) => losses.push(loss));
      expect(losses).toEqual(whole.losses);
    });

    it('goes on from its first state when it is lost before the first checkpoint', async () => {
      const whole = await train(never);
      let times = 0;
      const run = await train(() => times++ < 1, { shadow: 100 });
      expect(run.losses).toEqual(whole.losses);
      expect(run.starts.map(({ step, position, epoch }) => [step, position, epoch])).toEqual([
        [0, 0, 1],
        [0, 0, 1],
      ]);
    });

    it('continues on the CPU where no context comes in time', async () => {
      const whole = await train(never);
      const getContext = spyOn(OffscreenCanvas.prototype, 'getContext').and.callThrough();
      const documents = spyOn(HTMLCanvasElement.prototype, 'getContext').and.callThrough();
      const run = await train(
        ({ losses }) => {
          if (losses.length !== 3) return false;
          getContext.and.returnValue(null);
          documents.and.returnValue(null);
          return true;
        },
        { wait: 20 },
      );
      getContext.and.callThrough();
      documents.and.callThrough();
      expect(run.backend).toBe('cpu');
      expect(run.losses.length).toBe(STEPS);
      run.losses.forEach((loss, i) => expect(loss / whole.losses[i]!).toBeCloseTo(1, 4));
    });

    it('waits for a context that comes later', async () => {
      const getContext = spyOn(OffscreenCanvas.prototype, 'getContext').and.callThrough();
      const documents = spyOn(HTMLCanvasElement.prototype, 'getContext').and.callThrough();
      const run = await train(({ losses }) => {
        if (losses.length !== 3 || documents.calls.count() > 0) return false;
        getContext.and.returnValue(null);
        documents.and.callFake(() => {
          if (documents.calls.count() > 2) getContext.and.callThrough();
          return null;
        });
        return true;
      });
      getContext.and.callThrough();
      documents.and.callThrough();
      expect(run.backend).toBe('webgl');
      expect(run.losses.length).toBe(STEPS);
    });

    it('takes the CPU, and at last fails, when it is lost again and again without a checkpoint', async () => {
      const always = await train(({ losses }) => losses.length === 2, {
        shadow: 5,
      });
      expect(always.backend).toBe('cpu');
      expect(always.starts.length).toBe(4);

      dl.setBackend('webgl');
      const constant = dl.tidy(() => dl.keep(dl.scalar(1).square()));
      loseContext();
      dl.setBackend('webgl');
      const { error } = await ending(
        resilient(line.adam, () => line.steps().pipe(dl.mapTensor((loss) => loss.add(constant))), {
          shadow: 1,
        }),
      );
      expect(error).toBeInstanceOf(dl.ContextLostError);
      constant.dispose();
    });

    it('lets a live source go on without a place', async () => {
      const source = new Subject<number>();
      const positions: number[] = [];
      const { values, error } = await ending(
        resilient(
          line.adam,
          ({ position }) => {
            positions.push(position);
            queueMicrotask(() => {
              source.next(1);
              if (positions.length === 1) loseContext();
              source.next(2);
              if (positions.length === 2) source.complete();
            });
            return source.pipe(
              dl.scoped(),
              dl.mapTensor((x) => dl.scalar(x)),
              dl.trainStep(line.adam, (x) => line.slope.mul(x).sub(2).square().asScalar()),
              dl.download(),
            );
          },
          { shadow: 1, position: false },
        ),
      );
      expect(error).toBeNull();
      expect(positions).toEqual([0, 0]);
      expect(values.slice(-2).length).toBe(2);
    });

    it('passes other errors on', async () => {
      const { error } = await ending(
        resilient(
          line.adam,
          () =>
            line.steps().pipe(
              dl.mapTensor(() => {
                throw new Error('mine');
              }),
            ),
          { shadow: 1 },
        ),
      );
      expect((error as Error).message).toBe('mine');
    });
  });
});
