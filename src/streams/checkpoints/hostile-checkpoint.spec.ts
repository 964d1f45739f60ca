import * as dl from 'rxtensor';
import { EMPTY } from 'rxjs';
import {
  changedCheckpoint,
  hostileCheckpoints,
  partsOf,
  randomlyBroken,
  withLength,
  type Hostile,
} from '../../../test/support/hostile-checkpoints';
import { deferred, settle } from '../../../test/support/marbles';
import { numbers } from '../../../test/support/reference';
import { Restorable } from '../../../test/support/restorable';
import { testRun } from '../../../test/support/test-run';
import type { CheckpointHeader } from './header';
import type { ResumePoint } from './resume';

const { seed: runSeed = 1, hostile: draws = 300 } = testRun();
/** None may take longer, however large it says that it is. Reading one takes milliseconds; a loaded machine may stop for seconds. */
const MOST_MILLISECONDS = 20_000;

function shelf(bytes: unknown): dl.CheckpointStore {
  return {
    name: 'the shelf',
    save: () => Promise.resolve(),
    load: () => Promise.resolve(bytes as Uint8Array),
  };
}

interface Attempt {
  readonly error: Error | null;
  readonly point: ResumePoint | null;
  /** The global generator when the run was subscribed to. */
  readonly random: dl.RandomState | null;
}

async function attempt(bytes: unknown, model: Restorable): Promise<Attempt> {
  let point: ResumePoint | null = null;
  let error: Error | null = null;
  const start = (from: ResumePoint): typeof EMPTY => {
    point = from;
    return EMPTY;
  };
  await dl
    .resume(shelf(bytes), model.optimizer, start, { variables: model.variables })
    .forEach(() => undefined)
    .catch((thrown: unknown) => (error = thrown as Error));
  return { error, point, random: error ? null : dl.getRandomState() };
}

/** The values of a file as it says itself, read by hand. */
function valuesIn({ values }: { values: Uint8Array }, header: CheckpointHeader): number[][] {
  const view = new DataView(values.buffer, values.byteOffset);
  let offset = 0;
  return [...header.variables, ...header.optimizers.flatMap(({ slots }) => slots)].map(({ shape, dtype }) =>
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
      offset += 4;
      return dtype === 'float32' ? view.getFloat32(offset - 4, true) : view.getInt32(offset - 4, true);
    }),
  );
}

/** What was restored is what the file says, all of it, and the file is a possible one. */
async function expectWhole(bytes: Uint8Array, { point, random }: Attempt, model: Restorable): Promise<void> {
  const parts = partsOf(bytes);
  const header = JSON.parse(parts.header) as CheckpointHeader;
  const { position, length, optimizers, kept } = header;
  expect(point).toEqual({
    position,
    step: optimizers[0]!.iterations,
    epoch: length === null ? null : Math.floor(position / length) + 1,
    kept: kept === undefined ? null : (JSON.parse(kept) as Record<string, unknown>),
  });
  for (const count of [position, optimizers[0]!.iterations, header.random.counter, length ?? 1]) {
    expect(Number.isSafeInteger(count) && count >= 0)
      .withContext(String(count))
      .toBeTrue();
  }
  expect(random).toEqual(header.random);
  const inFile = valuesIn(parts, header);
  const names = header.variables.map(({ name }) => name);
  const inOrder = ['slope', 'offset', '#0', 'isOn'].map((name) => inFile[names.indexOf(name)]!);
  const restored = await model.values();
  expect(restored.slice(0, 4)).toEqual(inOrder);
  const sorted = (values: readonly (readonly number[])[]): string[] => values.map(String).sort();
  expect(sorted(restored.slice(4))).toEqual(sorted(inFile.slice(4)));
}

describe('Hostile checkpoints', () => {
  let model: Restorable;
  let right: Uint8Array;

  beforeEach(async () => {
    model = new Restorable();
    right = await model.checkpoint();
  });

  afterEach(() => model.dispose());

  /** Each is refused with a clear error and changes nothing, or is restored whole. Gives how many were refused. */
  async function expectRefusedOrWhole(files: Iterable<Hostile>): Promise<number> {
    let refused = 0;
    let places = await model.places();
    const { numTensors } = dl.memory();
    for (const { name, bytes } of files) {
      const began = performance.now();
      const result = await attempt(bytes, model);
      const because = `${name} (seed ${runSeed}); ${result.error?.message ?? 'restored'}`;
      expect(performance.now() - began)
        .withContext(because)
        .toBeLessThan(MOST_MILLISECONDS);
      if (result.error) {
        refused++;
        expect(result.error.constructor).withContext(because).toBe(Error);
        expect(result.error.message)
          .withContext(because)
          .toMatch(/^resume: .*(wanted|the checkpoint in the shelf)/s);
        expect(result.error.message.length).withContext(because).toBeLessThan(1000);
        expect(result.point).withContext(because).toBeNull();
        expect(await model.places())
          .withContext(because)
          .toEqual(places);
      } else {
        await expectWhole(bytes, result, model);
        places = await model.places();
      }
      expect(dl.memory().numTensors).withContext(because).toBe(numTensors);
    }
    return refused;
  }

  it('with a wrong value in any field, and under a right CRC-32, are refused and change nothing', async () => {
    const files = hostileCheckpoints(right);
    const refused = await expectRefusedOrWhole(files);
    expect(files.length).toBeGreaterThan(1500);
    // Some values are possible ones: another position, another count, the same value.
    expect(refused).toBeGreaterThan(0.9 * files.length);
  });

  it('with bytes changed at random, and under a right CRC-32, are refused or restored whole', async () => {
    const next = numbers(runSeed);
    const files = Array.from({ length: draws }, () => randomlyBroken(right, next));
    expect(await expectRefusedOrWhole(files)).toBeGreaterThan(0);
  });

  /** The file with its header changed. */
  const changed = (change: (header: string) => string): Uint8Array => changedCheckpoint(right, change);

  const messages: readonly [name: string, change: (header: string) => string, message: RegExp][] = [
    [
      'position x',
      (text) => text.replace('"position":2', '"position":"x"'),
      /'position' is 'x'; wanted an integer from 0 on$/,
    ],
    [
      'iterations',
      (text) => text.replace('"iterations":2', '"iterations":-5'),
      /'optimizers\[0\]\.iterations' is -5; wanted an integer from 0 on$/,
    ],
    [
      'seed',
      (text) => text.replace(/"seed":\[\d+/, '"seed":[4294967296'),
      /'random\.seed\[0\]' is 4294967296; wanted an integer from 0 to 4294967295$/,
    ],
    [
      'length',
      (text) => text.replace('"length":2', '"length":0'),
      /'length' is 0; wanted an integer from 1 on, or null$/,
    ],
    [
      'dtype',
      (text) => text.replace('"bool"', '"toString"'),
      /'variables\[3\]\.dtype' is 'toString'; wanted 'float32' or 'int32' or 'bool'$/,
    ],
    [
      'size',
      (text) => text.replace('"shape":[2],"dtype":"bool"', '"shape":[1099511627776],"dtype":"bool"'),
      /'variables\[3\]\.shape' is \[1099511627776\], which takes 4398046511104 bytes; wanted one for the \d+ bytes that are left$/,
    ],
    [
      'twice',
      (text) => text.replace('"name":"offset"', '"name":"slope"'),
      /'variables\[1\]\.name' is 'slope'; wanted a name of its own$/,
    ],
    [
      'owner',
      (text) => text.replace('"variable":"offset"', '"variable":"nobody"'),
      /'optimizers\[0\]\.slots\[\d\]\.variable' is 'nobody'; wanted the name of one of the variables$/,
    ],
    [
      'prototype',
      (text) => text.replace('{"position"', '{"__proto__":{},"position"'),
      /'header' is an object with the field '__proto__'; wanted one of position, length, random, variables, optimizers, kept alone$/,
    ],
    [
      'deep',
      (text) => text.replace('"position":2', `"position":${'['.repeat(1e5)}${']'.repeat(1e5)}`),
      /'position' is \[\[\[\[\[…\]\]\]\]\]; wanted an integer/,
    ],
    ['no JSON', (text) => text.slice(0, -5), /header cannot be read: SyntaxError.*; wanted JSON in UTF-8$/s],
  ];
  for (const [name, change, message] of messages) {
    it(`name the field, what was found and what was wanted: ${name}`, async () => {
      const places = await model.places();
      const { error } = await attempt(changed(change), model);
      expect(error!.message).toMatch(
        /^resume: the shelf holds a checkpoint whose header (is not right|cannot be read): /,
      );
      expect(error!.message).toMatch(message);
      expect(await model.places()).toEqual(places);
    });
  }

  it('of other values than they say are refused', async () => {
    const more = new Uint8Array([...right, 0, 0, 0, 0]);
    const { error } = await attempt(withLength(more), model);
    expect(error!.message).toMatch(
      /^resume: the shelf holds a checkpoint that is not right: it has 4 bytes after the values of its last tensor; wanted none$/,
    );
    const noBool = right.slice();
    const parts = partsOf(right);
    // The first element of 'isOn', behind slope, offset and seen.
    noBool[right.length - parts.values.length + 16] = 7;
    expect((await attempt(withLength(noBool), model)).error!.message).toMatch(
      /the values of 'variables\[3\]' are not all bools; wanted 0 and 1$/,
    );
  });

  it('of an optimizer that was made in another way are refused', async () => {
    model.dispose();
    const pairs = [true, false].map((centered) => () => dl.train.rmsprop(0.1, 0.9, 0, null, centered));
    for (const [saved, found] of [pairs, [...pairs].reverse()]) {
      const first = new Restorable(saved!());
      const bytes = await first.checkpoint();
      first.dispose();
      const second = new Restorable(found!());
      const [places, values] = [await second.places(), await second.values()];
      const { error } = await attempt(bytes, second);
      expect(error!.message).toMatch(
        /^resume: rmsprop keeps 'meanSquare'.* for each variable; the checkpoint in the shelf has 'meanSquare'.* for variable 'slope': wanted an optimizer that is made as the one/,
      );
      expect(await second.places()).toEqual(places);
      expect(await second.values()).toEqual(values);
      second.dispose();
    }
    model = new Restorable();
  });

  it('are what a store gives that gives no bytes', async () => {
    const places = await model.places();
    for (const given of ['rxtensor', 7, {}, [], new ArrayBuffer(100), new Float32Array(30), true]) {
      const { error } = await attempt(given, model);
      expect(error!.message).toMatch(
        /^resume: the shelf gave .*; wanted a Uint8Array, or null where nothing was saved$/,
      );
    }
    expect(await model.places()).toEqual(places);
  });
});

describe('A resume that fails', () => {
  it('for want of memory, at any allocation, changes nothing', async () => {
    const model = new Restorable();
    const bytes = await model.checkpoint();
    const places = await model.places();
    const { numTensors, numDataBuffers } = dl.memory();
    const device = dl.backend();
    const allocate = device.allocate.bind(device);
    let failures = 0;
    for (let failing = 0, isDone = false; !isDone; failing++) {
      let made = 0;
      const spy = spyOn(device, 'allocate').and.callFake((...args) => {
        if (made++ === failing) throw new Error('no memory is left');
        return allocate(...args);
      });
      const { error } = await attempt(bytes, model);
      spy.and.callFake(allocate);
      Reflect.deleteProperty(device, 'allocate');
      isDone = error === null;
      if (isDone) break;
      failures++;
      expect(error!.message).toBe('no memory is left');
      expect(await model.places()).toEqual(places);
      expect(dl.memory()).toEqual(jasmine.objectContaining({ numTensors, numDataBuffers }));
    }
    expect(failures).toBeGreaterThan(3);
    model.dispose();
  });

  it('for nobody listens any more when the file has been loaded, changes nothing', async () => {
    const model = new Restorable();
    const bytes = await model.checkpoint();
    const places = await model.places();
    const loading = deferred<Uint8Array>();
    const store = { name: 'slow', save: () => Promise.resolve(), load: () => loading.promise };
    const subscription = dl.resume(store, model.optimizer, () => EMPTY).subscribe();
    subscription.unsubscribe();
    loading.resolve(bytes);
    await settle();
    expect(await model.places()).toEqual(places);
    model.dispose();
  });

  it('for what is no optimizer, or no variable, says so', () => {
    const adam = dl.train.adam();
    const x = dl.tidy(() => dl.variable(dl.scalar(1), true, 'x'));
    const of = (optimizers: unknown, variables?: unknown) => () =>
      dl.resume(dl.memoryStore(), optimizers as dl.Optimizer, () => EMPTY, { variables } as dl.ResumeOptions);
    expect(of(null)).toThrowError(
      "resume: argument 'optimizers' holds null; wanted an optimizer, as train.adam()",
    );
    expect(of([adam, adam])).toThrowError(
      "resume: argument 'optimizers' holds the same adam twice; wanted each once",
    );
    expect(of(adam, 'x')).toThrowError("resume: option 'variables' is 'x'; wanted an array of variables");
    expect(of(adam, ['x'])).toThrowError("resume: option 'variables' holds 'x'; wanted variables");
    expect(of(adam, [x, x])).toThrowError("resume: option 'variables' holds 'x' twice; wanted each once");
    x.dispose();
    expect(of(adam, [x])).toThrowError(
      /^resume: argument 'variables' is tensor #\d+ of shape \[\], which was disposed/,
    );
    adam.dispose();
  });
});
