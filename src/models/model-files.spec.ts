import { loadGraphModel, type Fetch, type ModelFormat } from 'rxtensor/models';

const json = JSON.stringify({
  modelTopology: {
    node: [
      { name: 'w', op: 'Const' },
      { name: 'y', op: 'Neg', input: ['w'] },
    ],
  },
  weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'w', shape: [2], dtype: 'float32' }] }],
});
const weights = new Float32Array([1, 2]);

/** A server: for each address, the answers in turn; the last is given again. */
function server(answers: Readonly<Record<string, readonly (() => Response)[]>>): {
  readonly fetch: Fetch;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const fetch: Fetch = (address, init) => {
    init?.signal?.throwIfAborted();
    asked.push(address);
    const all = answers[address];
    if (!all) return Promise.resolve(new Response('', { status: 404, statusText: 'Not Found' }));
    const turn = asked.filter((each) => each === address).length - 1;
    return Promise.resolve(all[Math.min(turn, all.length - 1)]!());
  };
  return { fetch, asked };
}

const ok = (body: BodyInit) => (): Response => new Response(body);
const status = (code: number, text: string) => (): Response =>
  new Response('', { status: code, statusText: text });

/** A format that only says the name of what it is to read. */
const named: ModelFormat = {
  name: 'named',
  ops: {},
  read: (files) => Promise.reject(new Error(files.name)),
};

describe('The files of a model', () => {
  it('are found beside the first, with its query, or where their path says', async () => {
    const cases: readonly (readonly [first: string, path: string, wanted: string])[] = [
      ['https://host/models/model.json', 'w.bin', 'https://host/models/w.bin'],
      ['https://host/models/model.json?key=1/2', 'w.bin', 'https://host/models/w.bin?key=1/2'],
      ['https://host/models/model.json', '/w.bin', 'https://host/w.bin'],
      ['https://host?model=1', '/w.bin', 'https://host/w.bin?model=1'],
      ['models/model.json', 'w.bin', 'models/w.bin'],
      ['models/model.json', '/w.bin', '/w.bin'],
      ['model.json', 'w.bin', 'w.bin'],
      ['https://host/model.json', 'https://other/w.bin', 'https://other/w.bin'],
    ];
    for (const [first, path, wanted] of cases) {
      const { fetch, asked } = server({
        [first]: [ok(json.replace('"w.bin"', JSON.stringify(path)))],
        [wanted]: [ok(weights)],
      });
      const model = await loadGraphModel(first, { fetch });
      expect(asked).toEqual([first, wanted]);
      model.dispose();
    }
  });

  it('are asked for again where the server may come back, and not where it has none', async () => {
    const { fetch, asked } = server({
      'model.json': [status(503, 'Busy'), ok(json)],
      'w.bin': [status(429, 'Too Many'), status(500, 'Broken'), ok(weights)],
    });
    const model = await loadGraphModel('model.json', { fetch });
    expect(asked).toEqual(['model.json', 'model.json', 'w.bin', 'w.bin', 'w.bin']);
    model.dispose();

    const missing = server({ 'model.json': [ok(json)] });
    await expectAsync(loadGraphModel('model.json', { fetch: missing.fetch })).toBeRejectedWithError(
      "loadGraphModel: 'w.bin' could not be fetched: found status 404 Not Found; wanted 200",
    );
    expect(missing.asked).toEqual(['model.json', 'w.bin']);

    const broken = server({ 'model.json': [status(500, 'Broken')] });
    await expectAsync(loadGraphModel('model.json', { fetch: broken.fetch })).toBeRejectedWithError(
      "loadGraphModel: 'model.json' could not be fetched: found status 500 Broken; wanted 200",
    );
    expect(broken.asked.length).toBe(3);
  });

  it('are told as they come, and once if a connection breaks', async () => {
    const bytes = new Uint8Array(weights.buffer);
    const breaking = (): Response => {
      const parts = [bytes.slice(0, 4)];
      return new Response(
        new ReadableStream({
          pull: (controller) => {
            const part = parts.shift();
            if (part) controller.enqueue(part);
            else controller.error(new Error('the connection broke'));
          },
        }),
      );
    };
    const { fetch } = server({ 'model.json': [ok(json)], 'w.bin': [breaking, ok(bytes)] });
    const heard: { bytes: number; total: number | null }[] = [];
    const model = await loadGraphModel('model.json', {
      fetch,
      onProgress: (progress) => heard.push(progress),
    });
    expect(heard[0]).toEqual({ bytes: 4, total: 8 });
    expect(heard.at(-1)).toEqual({ bytes: 8, total: 8 });
    expect(Math.max(...heard.map((each) => each.bytes))).toBe(8);
    model.dispose();
  });

  it('are not asked for any more when the loading is aborted', async () => {
    const controller = new AbortController();
    const { fetch, asked } = server({ 'model.json': [ok(json)], 'w.bin': [ok(weights)] });
    const aborting: Fetch = (address, init) => {
      const answer = fetch(address, init);
      controller.abort(new Error('left'));
      return answer;
    };
    await expectAsync(
      loadGraphModel('model.json', { fetch: aborting, signal: controller.signal }),
    ).toBeRejectedWithError(/left/);
    expect(asked).toEqual(['model.json']);
  });

  it('that a person has chosen are found by their names', async () => {
    const files = [new File([json], 'model.json'), new File([weights], 'w.bin')];
    const model = await loadGraphModel(files);
    model.dispose();
    await expectAsync(loadGraphModel(files.slice(0, 1))).toBeRejectedWithError(
      "loadGraphModel: the model needs the file 'w.bin'; wanted it among the 1 given",
    );
  });

  it('may be one, in memory', async () => {
    const only = JSON.stringify({
      modelTopology: { node: [{ name: 'y', op: 'Unheard' }] },
      weightsManifest: [],
    });
    const bytes = new TextEncoder().encode(only);
    for (const source of [bytes, bytes.buffer, new Blob([bytes]), new File([bytes], 'one.json')]) {
      const name = source instanceof File ? 'one.json' : 'the bytes';
      await expectAsync(loadGraphModel(source)).toBeRejectedWithError(
        /^loadGraphModel: the model uses ops that are not supported: Unheard/,
      );
      await expectAsync(loadGraphModel(source, { format: named })).toBeRejectedWithError(name);
    }
  });

  it('are no pages of HTML', async () => {
    const { fetch } = server({ 'model.json': [ok('<!doctype html><title>Not here</title>')] });
    await expectAsync(loadGraphModel('model.json', { fetch })).toBeRejectedWithError(
      /loadGraphModel: model\.json is no JSON; found a page of HTML: <!doctype html><title>Not here/,
    );
  });

  it('come from a source', async () => {
    for (const [source, message] of [
      [3, "argument 'source' is 3"],
      [[], "argument 'source' is []"],
      [['a'], "argument 'source' is ['a']"],
      [null, "argument 'source' is null"],
    ] as const) {
      const error: unknown = await loadGraphModel(source as never).catch((reason: unknown) => reason);
      expect(String(error)).toContain(`loadGraphModel: ${message}`);
    }
  });
});
