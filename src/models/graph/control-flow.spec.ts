import * as dl from 'rxtensor';
import { loadGraphModel, type GraphModel } from 'rxtensor/models';
import {
  graphFiles,
  ints,
  node,
  placeholder,
  weight,
  type GraphDescription,
  type JsonNode,
} from '../../../test/support/graph-files';

async function withModel(
  description: GraphDescription,
  use: (model: GraphModel) => Promise<void>,
): Promise<void> {
  const { numTensors } = dl.memory();
  const model = await loadGraphModel(graphFiles(description));
  await use(model);
  model.dispose();
  expect(dl.memory().numTensors).toBe(numTensors);
}

async function numbers(result: unknown): Promise<number[]> {
  const values = [...(await (result as dl.Tensor).data())];
  dl.dispose(result as dl.Tensor);
  return values;
}

/** What a model gives for inputs, thrice: as it is planned, by the plan, and without blocking. */
async function expectAll(
  model: GraphModel,
  cases: readonly (readonly [inputs: unknown, wanted: number[]])[],
): Promise<void> {
  for (let round = 0; round < 2; round++) {
    for (const [inputs, wanted] of cases)
      expect(await numbers(model.predict(inputs as number))).toEqual(wanted);
  }
  for (const [inputs, wanted] of cases)
    expect(await numbers(await model.predictAsync(inputs as number))).toEqual(wanted);
}

/** A loop over values that begin as `begin`, while `condition` holds; `body` computes the next of each. */
function loop(
  name: string,
  begin: Readonly<Record<string, string>>,
  condition: readonly JsonNode[],
  body: readonly JsonNode[],
  next: Readonly<Record<string, string>>,
  fixed: Readonly<Record<string, string>> = {},
): JsonNode[] {
  const of = Object.keys(begin);
  return [
    ...of.map((key) => node(`${name}/${key}/enter`, 'Enter', begin[key], { frame_name: name })),
    ...Object.entries(fixed).map(([key, from]) =>
      node(key, 'Enter', from, { frame_name: name, is_constant: true }),
    ),
    ...of.map((key) => node(`${name}/${key}`, 'Merge', `${name}/${key}/enter ${name}/${key}/next`)),
    ...condition,
    node(`${name}/condition`, 'LoopCond', `${name}/holds`),
    ...of.map((key) => node(`${name}/${key}/switch`, 'Switch', `${name}/${key} ${name}/condition`)),
    ...of.map((key) => node(`${name}/${key}/in`, 'Identity', `${name}/${key}/switch:1`)),
    ...body,
    ...of.map((key) => node(`${name}/${key}/next`, 'NextIteration', next[key])),
    ...of.map((key) => node(`${name}/${key}/exit`, 'Exit', `${name}/${key}/switch`)),
  ];
}

/** Adds x to a sum, as often as x has elements. */
const byShape = {
  nodes: [
    placeholder('x', [-1]),
    node('shape', 'Shape', 'x'),
    node('count', 'StridedSlice', 'shape zero1 one1 one1', { shrink_axis_mask: 1 }),
    ...loop(
      'l',
      { i: 'zero', sum: 'x' },
      [node('l/holds', 'Less', 'l/i limit')],
      [
        node('l/one', 'Const', '^l/i/in'),
        node('i2', 'Add', 'l/i/in l/one'),
        node('sum2', 'Add', 'l/sum/in given'),
      ],
      { i: 'i2', sum: 'sum2' },
      { limit: 'count', given: 'x' },
    ),
    node('y', 'Identity', 'l/sum/exit'),
  ],
  weights: [ints('zero', 0), ints('zero1', [0]), ints('one1', [1]), ints('l/one', 1)],
  outputs: { y: 'y' },
} satisfies GraphDescription;

describe('Control flow of a graph model', () => {
  it('by a constant takes one side for good', async () => {
    for (const chosen of [0, 1]) {
      await withModel(
        {
          nodes: [
            placeholder('x', [-1]),
            node('switch', 'Switch', 'x flag'),
            node('isOff', 'Identity', 'switch'),
            node('isOn', 'Identity', 'switch:1'),
            node('off', 'Const', '^isOff'),
            node('on', 'Const', '^isOn'),
            node('merge', 'Merge', 'off on'),
            node('y', 'Add', 'x merge'),
          ],
          weights: [weight('flag', [chosen], [], 'DT_BOOL'), weight('off', [10], []), weight('on', [20], [])],
        },
        (model) => expectAll(model, [[[1, 2], chosen ? [21, 22] : [11, 12]]]),
      );
    }
  });

  it('by a value at the very end takes both sides in turn', async () => {
    await withModel(
      {
        nodes: [
          placeholder('x', []),
          node('isLess', 'Less', 'x zero'),
          node('switch', 'Switch', 'x isLess'),
          node('isOff', 'Identity', 'switch'),
          node('isOn', 'Identity', 'switch:1'),
          node('off', 'Const', '^isOff'),
          node('on', 'Const', '^isOn'),
          node('y', 'Merge', 'off on'),
        ],
        weights: [weight('zero', [0], []), weight('off', [10], []), weight('on', [20], [])],
        outputs: { y: 'y' },
      },
      (model) =>
        expectAll(model, [
          [1, [10]],
          [-1, [20]],
          [2, [10]],
        ]),
    );
  });

  it('loops as often as a shape says', async () => {
    await withModel(byShape, (model) =>
      expectAll(model, [
        [
          [1, 2],
          [3, 6],
        ],
        [[5], [10]],
        [
          [1, 1, 2],
          [4, 4, 8],
        ],
      ]),
    );
  });

  it('loops as often as a value says, over several values', async () => {
    // The greatest common divisor (Euclid).
    const gcd = {
      nodes: [
        placeholder('a', [], 'DT_INT32'),
        placeholder('b', [], 'DT_INT32'),
        ...loop(
          'l',
          { a: 'a', b: 'b' },
          [node('l/holds', 'NotEqual', 'l/b none')],
          [node('rest', 'FloorMod', 'l/a/in l/b/in')],
          { a: 'l/b/in', b: 'rest' },
          { none: 'zero' },
        ),
      ],
      weights: [ints('zero', 0)],
      outputs: { y: 'l/a/exit' },
    } satisfies GraphDescription;
    await withModel(gcd, (model) =>
      expectAll(model, [
        [[12, 18], [6]],
        [[7, 0], [7]],
        [[1071, 462], [21]],
        [[17, 4], [1]],
      ]),
    );
  });

  it('loops in loops', async () => {
    // Σ over i < 3 of Σ over j < i + 1 of x.
    const nested: GraphDescription = {
      nodes: [
        placeholder('x', [-1]),
        node('nothing', 'ZerosLike', 'x'),
        ...loop(
          'o',
          { i: 'zero', sum: 'nothing' },
          [node('o/holds', 'Less', 'o/i most')],
          [
            node('i2', 'Add', 'o/i/in unit'),
            ...loop(
              'n',
              { j: 'none', sum: 'o/sum/in' },
              [node('n/holds', 'Less', 'n/j limit')],
              [node('j2', 'Add', 'n/j/in unit2'), node('n2', 'Add', 'n/sum/in given2')],
              { j: 'j2', sum: 'n2' },
              { limit: 'i2', unit2: 'unit', given2: 'given' },
            ),
          ],
          { i: 'i2', sum: 'n/sum/exit' },
          { most: 'three', unit: 'one', given: 'x', none: 'zero' },
        ),
      ],
      weights: [ints('zero', 0), ints('one', 1), ints('three', 3)],
      outputs: { y: 'o/sum/exit' },
    };
    await withModel(nested, (model) =>
      expectAll(model, [
        [
          [1, 2],
          [6, 12],
        ],
        [[5], [30]],
      ]),
    );
  });

  /** Writes (i + 1)·x at i, for i below 3. */
  const written = (
    make: readonly JsonNode[],
    set: readonly JsonNode[],
    next: string,
    handle: string,
  ): JsonNode[] => [
    placeholder('x', [2]),
    ...make,
    ...loop(
      'l',
      { i: 'zero', list: handle },
      [node('l/holds', 'Less', 'l/i most')],
      [
        node('i2', 'Add', 'l/i/in unit'),
        node('times', 'Cast', 'i2', { DstT: 'DT_FLOAT' }),
        node('item', 'Mul', 'given times'),
        ...set,
      ],
      { i: 'i2', list: next },
      { most: 'three', unit: 'one', given: 'x', ...(handle === 'array:1' ? { array2: 'array' } : {}) },
    ),
  ];
  const counts = [
    ints('zero', 0),
    ints('one', 1),
    ints('three', 3),
    ints('places', [2, 0]),
    ints('all', [0, 1, 2]),
  ];

  it('writes into lists as TensorFlow 1 does', async () => {
    const nodes = [
      ...written(
        [node('array', 'TensorArrayV3', 'three', { dtype: 'DT_FLOAT' })],
        [node('flow', 'TensorArrayWriteV3', 'array2 l/i/in item l/list/in')],
        'flow',
        'array:1',
      ),
      node('size', 'TensorArraySizeV3', 'array l/list/exit'),
      node('gathered', 'TensorArrayGatherV3', 'array places l/list/exit'),
      node('single', 'TensorArrayReadV3', 'array one l/list/exit'),
      node('other', 'TensorArrayV3', 'three', { dtype: 'DT_FLOAT' }),
      node('scattered', 'TensorArrayScatterV3', 'other all twice other:1'),
      node('twice', 'Const'),
      node('last', 'TensorArrayReadV3', 'other one scattered'),
    ];
    const outputs = { size: 'size', gathered: 'gathered', single: 'single', last: 'last' };
    await withModel(
      { nodes, weights: [...counts, weight('twice', [1, 2, 3, 4, 5, 6], [3, 2])], outputs },
      async (model) => {
        for (let run = 0; run < 3; run++) {
          const { size, gathered, single, last } = (
            run < 2 ? model.predict([1, 10]) : await model.predictAsync([1, 10])
          ) as Record<string, dl.Tensor>;
          expect(gathered!.shape).toEqual([2, 2]);
          expect([
            await numbers(size),
            await numbers(gathered),
            await numbers(single),
            await numbers(last),
          ]).toEqual([[3], [3, 30, 1, 10], [2, 20], [3, 4]]);
        }
      },
    );
  });

  it('makes lists as TensorFlow 2 does', async () => {
    const nodes = [
      ...written(
        [node('list', 'TensorListReserve', 'shape three', { element_dtype: 'DT_FLOAT' })],
        [node('set', 'TensorListSetItem', 'l/list/in l/i/in item')],
        'set',
        'list',
      ),
      node('stacked', 'TensorListStack', 'l/list/exit shape'),
      node('length', 'TensorListLength', 'l/list/exit'),
      node('from', 'TensorListFromTensor', 'stacked shape'),
      node('item2', 'TensorListGetItem', 'from one shape'),
    ];
    const outputs = { stacked: 'stacked', length: 'length', item: 'item2' };
    await withModel({ nodes, weights: [...counts, ints('shape', [2])], outputs }, async (model) => {
      for (let run = 0; run < 2; run++) {
        const { stacked, length, item } = model.predict([1, 10]) as Record<string, dl.Tensor>;
        expect(stacked!.shape).toEqual([3, 2]);
        expect([await numbers(stacked), await numbers(length), await numbers(item)]).toEqual([
          [1, 10, 2, 20, 3, 30],
          [3],
          [2, 20],
        ]);
      }
    });
  });

  const failures: readonly [what: string, description: GraphDescription, inputs: unknown, message: RegExp][] =
    [
      [
        'a list of which an element was not written',
        {
          nodes: [node('a', 'TensorListReserve', 'shape n'), node('y', 'TensorListStack', 'a shape')],
          weights: [ints('n', 3), ints('shape', [1])],
        },
        [],
        /TensorListStack of node 'y': element 0 of 3 is read, and was not written$/,
      ],
      [
        'a list of −1',
        {
          nodes: [node('a', 'TensorArrayV3', 'n'), node('y', 'TensorArraySizeV3', 'a a:1')],
          weights: [ints('n', -1)],
        },
        [],
        /TensorArrayV3 of node 'a': input 0 is \[-1\]; wanted numbers from 0 to 10000$/,
      ],
      [
        'a list of 2^31',
        {
          nodes: [node('a', 'TensorListReserve', 'n n'), node('y', 'TensorListStack', 'a n')],
          weights: [ints('n', 2 ** 31 - 1)],
        },
        [],
        /TensorListReserve of node 'a': input 1 is \[2147483647\]; wanted numbers/,
      ],
      [
        'an element behind all',
        {
          nodes: [node('a', 'TensorArrayV3', 'n'), node('y', 'TensorArrayReadV3', 'a n a:1')],
          weights: [ints('n', 2)],
        },
        [],
        /TensorArrayReadV3 of node 'y': element 2 of 2 is read/,
      ],
      [
        'a place that depends on values',
        {
          nodes: [
            placeholder('x', [], 'DT_INT32'),
            node('a', 'TensorArrayV3', 'n'),
            node('y', 'TensorArrayReadV3', 'a x a:1'),
          ],
          weights: [ints('n', 2)],
        },
        1,
        /input 1 depends on values; wanted one that depends on shapes alone$/,
      ],
      [
        'a list in the place of a tensor',
        { nodes: [node('a', 'TensorArrayV3', 'n'), node('y', 'Neg', 'a')], weights: [ints('n', 2)] },
        [],
        /Neg of node 'y': input 0 is a list; wanted a tensor$/,
      ],
      [
        'nothing in the place of a tensor',
        { nodes: [node('a', 'NoOp'), node('y', 'Neg', 'a')] },
        [],
        /Neg of node 'y': input 0 is missing; wanted a tensor$/,
      ],
      [
        'a switch without a condition',
        { nodes: [node('y', 'Switch', 'n')], weights: [ints('n', 2)] },
        [],
        /Switch of node 'y': input 1 is missing; wanted a tensor$/,
      ],
      [
        'an output that is a list',
        { nodes: [node('y', 'TensorArrayV3', 'n')], weights: [ints('n', 2)] },
        [],
        /the output 0 of node 'y' was not computed; wanted a tensor$/,
      ],
      [
        'a side that is not taken',
        { nodes: [node('s', 'Switch', 'n n'), node('y', 'Neg', 's')], weights: [ints('n', 2)] },
        [],
        /the output 0 of node 'y' was not computed/,
      ],
      [
        'an input that an op reads, and has not',
        { nodes: [node('y', 'Reshape', 'n')], weights: [ints('n', 2)] },
        [],
        /Reshape of node 'y' of \(int32 \[\]\): input 1 is missing; wanted numbers$/,
      ],
      [
        'an attribute of another kind',
        { nodes: [node('y', 'Sum', 'n a', { keep_dims: 3 })], weights: [ints('n', [2]), ints('a', [0])] },
        [],
        /attribute 'keep_dims' of node 'y' is 3; wanted true or false$/,
      ],
    ];
  for (const [what, description, inputs, message] of failures) {
    it(`fails for ${what}`, async () => {
      await withModel(description, async (model) => {
        const { numTensors } = dl.memory();
        for (let run = 0; run < 2; run++) {
          expect(() => model.predict(inputs as number)).toThrowError(message);
          const error = (await model
            .predictAsync(inputs as number)
            .catch((thrown: unknown) => thrown)) as Error;
          expect(error.message).toMatch(/^predictAsync: /);
          expect(error.message).toMatch(message);
        }
        expect(dl.memory().numTensors).toBe(numTensors);
      });
    });
  }

  const always = [node('l/holds', 'Greater', 'limit least')];
  const endless: readonly [what: string, nodes: readonly JsonNode[]][] = [
    [
      'that computes nothing',
      loop('l', { i: 'zero' }, [node('l/holds', 'Identity', 'yes')], [], { i: 'l/i/in' }, { yes: 'one' }),
    ],
    [
      'over constants',
      loop(
        'l',
        { i: 'zero' },
        [node('l/holds', 'Less', 'l/i least')],
        [node('i2', 'Sub', 'l/i/in unit')],
        { i: 'i2' },
        { least: 'one', unit: 'one' },
      ),
    ],
    [
      'over values',
      loop(
        'l',
        { i: 'x' },
        always,
        [node('i2', 'Neg', 'l/i/in')],
        { i: 'i2' },
        { limit: 'x', least: 'zero' },
      ),
    ],
    [
      'with a branch in each turn',
      loop(
        'l',
        { i: 'zero' },
        [node('l/holds', 'Identity', 'yes')],
        [
          node('s', 'Switch', 'l/i/in yes'),
          node('dead', 'Neg', 's'),
          node('dead2', 'Add', 'dead l/i/in'),
          node('m', 'Merge', 'dead2 s:1'),
        ],
        { i: 'm' },
        { yes: 'one' },
      ),
    ],
    [
      'outside of any frame',
      [node('a', 'Merge', 'zero b'), node('b', 'NextIteration', 'a'), node('l/i/exit', 'Exit', 'b')],
    ],
  ];
  for (const [what, nodes] of endless) {
    it(`ends a loop ${what} that would not`, async () => {
      const description: GraphDescription = {
        nodes: [placeholder('x', [], 'DT_INT32'), ...nodes],
        weights: [ints('zero', 0), ints('one', 1)],
        outputs: { y: 'l/i/exit' },
      };
      await withModel(description, (model) => {
        const { numTensors } = dl.memory();
        const began = performance.now();
        try {
          dl.dispose(model.predict(1));
          // Only this one comes to an end: its exit needs no end of the loop.
          expect(what).toBe('outside of any frame');
        } catch (error) {
          expect(String(error)).toMatch(
            /^Error: predict: the model runs more than \d+ nodes; wanted loops that end sooner$/,
          );
        }
        expect(performance.now() - began).toBeLessThan(50_000);
        expect(dl.memory().numTensors).toBe(numTensors);
        return Promise.resolve();
      });
    });
  }
});
