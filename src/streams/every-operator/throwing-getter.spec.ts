// Getters and proxies throw when they are looked at: an error notification, and nothing is left behind.
import * as dl from 'rxtensor';
import { map, Subject, type OperatorFunction } from 'rxjs';
import { settle, unhandledErrors } from '../../../test/support/marbles';
import { operatorCases } from '../../../test/support/operator-cases';

/** A container of `x` that throws at the look of that number (1, 2, …), and at those after it. */
type Hostile = (x: dl.Tensor, look: number) => unknown;

function throwingAt(look: number): () => void {
  let looks = 0;
  return () => {
    if (++looks >= look) throw new Error('at the look');
  };
}

const hostiles: Readonly<Record<string, Hostile>> = {
  'a getter': (x, look) => {
    const check = throwingAt(look);
    return {
      x,
      get bad(): dl.Tensor {
        check();
        return x;
      },
    };
  },
  'a getter before the tensor': (x, look) => {
    const check = throwingAt(look);
    return {
      get bad(): number {
        check();
        return 1;
      },
      x,
    };
  },
  'a proxy of an object, listed': (x, look) => {
    const check = throwingAt(look);
    const ownKeys = (target: object): (string | symbol)[] => {
      check();
      return Reflect.ownKeys(target);
    };
    return { x, within: new Proxy({ x }, { ownKeys }) };
  },
  'a proxy of an array, read': (x, look) => {
    const check = throwingAt(look);
    const get = (target: object, key: string | symbol): unknown => {
      check();
      return Reflect.get(target, key);
    };
    return [x, new Proxy([x], { get })];
  },
};

/** Whoever gets what was owned frees it: of the case in the table that is a tensor. */
const owning = (): OperatorFunction<dl.Tensor, unknown> => (tensors) =>
  tensors.pipe(
    dl.own(),
    map((value) => dl.dispose(value)),
  );
const cases = operatorCases.map((each) => (each.name === 'own' ? { ...each, make: owning } : each));

const LOOKS = [1, 2, 3, 4, 6, 9];

/** What goes wrong besides the error notification. */
async function faults(
  operator: OperatorFunction<dl.Tensor, unknown>,
  clean: (() => void) | undefined,
  numTensors: number,
): Promise<string[]> {
  const source = new Subject<number>();
  const errors: unknown[] = [];
  const unhandled = await unhandledErrors(async () => {
    const subscription = source
      .pipe(
        dl.mapTensor((x) => dl.scalar(x) as dl.Tensor),
        operator,
      )
      .subscribe({ error: (error: unknown) => errors.push(error) });
    for (const each of [1, 2, 3]) source.next(each);
    await settle(2);
    source.complete();
    await settle(2);
    subscription.unsubscribe();
  });
  clean?.();
  const found = unhandled.map(String);
  if (errors.length > 1) found.push(`${errors.length} errors`);
  const left = dl.memory().numTensors - numTensors;
  if (left !== 0) found.push(`${left} tensors are left`);
  return found;
}

for (const [name, hostile] of Object.entries(hostiles)) {
  describe(`A value with ${name} that throws`, () => {
    for (const { name: operator, make, clean } of cases) {
      it(`leaves nothing behind in ${operator}`, async () => {
        for (const look of LOOKS) {
          const { numTensors } = dl.memory();
          const give = map((x: dl.Tensor) => hostile(x, look) as dl.Tensor);
          const found = await faults((tensors) => tensors.pipe(give, make()), clean, numTensors);
          expect(found).withContext(`look ${look}`).toEqual([]);
        }
      });
    }

    const results: Readonly<Record<string, (look: number) => OperatorFunction<dl.Tensor, unknown>>> = {
      mapTensor: (look) => dl.mapTensor((x) => hostile(dl.square(x), look)),
      predict: (look) => dl.predict((x) => hostile(dl.square(x), look)),
      mapTensorAsync: (look) => dl.mapTensorAsync((x) => Promise.resolve(hostile(dl.square(x), look))),
      scanTensor: (look) =>
        dl.scanTensor(
          (_: unknown, x: dl.Tensor) => hostile(dl.square(x), look),
          () => hostile(dl.scalar(0), look),
        ),
    };
    for (const [operator, make] of Object.entries(results)) {
      it(`leaves nothing behind as the result of ${operator}'s function`, async () => {
        for (const look of LOOKS) {
          const found = await faults(make(look), undefined, dl.memory().numTensors);
          expect(found).withContext(`look ${look}`).toEqual([]);
        }
      });
    }

    it("leaves nothing behind as tidy's result", () => {
      for (const look of LOOKS) {
        const before = dl.memory().numTensors;
        dl.tidy(() => {
          try {
            dl.tidy(() => hostile(dl.square(2), look));
          } catch (error) {
            expect(String(error)).toMatch(/at the look/);
          }
        });
        expect(dl.memory().numTensors).toBe(before);
        expect(() => dl.tidy(() => hostile(dl.square(2), 1))).toThrowError('at the look');
        expect(dl.memory().numTensors).toBe(before);
      }
    });
  });
}
