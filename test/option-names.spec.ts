// Every operator and source that takes options knows, at run time, just those of its type; for another one it names the nearest.
import { resolve } from 'node:path';
import { identity, NEVER, of } from 'rxjs';
import ts from 'typescript';
import * as data from '../src/data';
import * as inspector from '../src/inspector';
import * as nats from '../src/nats';
import * as ops from '../src/ops';
import * as parquet from '../src/parquet';
import * as programs from '../src/programs';
import * as dl from '../src/script';
import * as sound from '../src/sound';
import * as vision from '../src/vision';

const ENTRIES = [
  'src/script.ts',
  'src/data/index.ts',
  'src/inspector/index.ts',
  'src/nats/index.ts',
  'src/ops/index.ts',
  'src/parquet/index.ts',
  'src/programs/index.ts',
  'src/sound/index.ts',
  'src/vision/index.ts',
].map((file) => resolve(file));
const optimizer = dl.train.adam();
const store = dl.memoryStore();
/** It looks like a connection to NATS, and nothing is sent before a subscription. */
const connection = { publish: identity, subscribe: identity, request: identity };

/** It looks like what `landmarker` gives. */
const model = { executeAsync: identity };
const landmarks = Object.assign(() => NEVER, { regionOf: identity });

/** What comes before the options, and the options that cannot be left out. */
const given: Readonly<Record<string, readonly [before: readonly unknown[], needed?: object]>> = {
  across: [[identity]],
  adwin: [[]],
  alignBy: [['capture', [NEVER]]],
  applyGradients: [[optimizer]],
  audioFrames: [['sound.wav']],
  balanced: [['label']],
  batch: [[2]],
  camera: [[{}]],
  canvasFrames: [[{ getContext: identity }]],
  checkpoint: [[], { every: 1, store }],
  classify: [[identity], { labels: ['a'], window: 1 }],
  classWeights: [['label']],
  cosineDecay: [[], { rate: 1, steps: 1 }],
  csv: [['rows.csv']],
  dataParallel: [[connection, 'run'], { size: 1 }],
  decisions: [[]],
  decodedFrames: [[[], { codec: 'vp8' }]],
  detectDrift: [[data.adwin()]],
  each: [[NEVER]],
  earlyStop: [[], { patience: 1 }],
  enableDebugMode: [[], { log: false }],
  examples: [[[1]]],
  exponentialDecay: [[], { rate: 1, every: 1 }],
  fileBytes: [[new Blob()]],
  fromAsyncIterable: [[dl.each(NEVER)]],
  fromNats: [[connection, 'subject']],
  fromReadable: [[new ReadableStream()]],
  gradients: [[]],
  idx: [[{ images: new ArrayBuffer(0) }]],
  images: [[[]]],
  inSegments: [[identity, identity, identity]],
  inWorker: [[() => NEVER]],
  inspect: [[NEVER]],
  inspectorOverlay: [[NEVER]],
  jsonLines: [['rows.jsonl'], { columns: {} }],
  latest: [[]],
  mapTensor: [[identity]],
  mapTensorAsync: [[identity]],
  mediaFrames: [[new ReadableStream()]],
  microphone: [[{}]],
  natsStore: [[connection, 'bucket']],
  nonMaxSuppression: [[[]]],
  overlay: [[{ getContext: identity }, identity]],
  notes: [[]],
  overlapping: [[], { frame: 4 }],
  pageHinkley: [[]],
  paint: [[{ getContext: identity }]],
  parquet: [['rows.parquet']],
  partOf: [[{ all: 1 }]],
  pitch: [[model]],
  predict: [[identity]],
  prequentialMeans: [[]],
  prioritised: [[], { capacity: 1 }],
  progress: [[]],
  rates: [[]],
  recorded: [[identity]],
  remoteModel: [[connection, 'model']],
  replayBuffer: [[data.reservoir({ capacity: 1 })]],
  reservoir: [[], { capacity: 1 }],
  resample: [[], { from: 8000, to: 16000 }],
  resilient: [[optimizer, () => of(1)], { shadow: 1 }],
  resume: [[store, optimizer, () => of(1)]],
  screen: [[{}]],
  segment: [[identity]],
  serve: [[identity], { port: new MessageChannel().port1 }],
  shuffle: [[2]],
  slidingWindow: [[2]],
  smooth: [[]],
  snapshots: [[identity]],
  spectrogram: [[], { frame: 4 }],
  splitRows: [[NEVER, { all: 1 }]],
  ssdAnchors: [[], { inputSize: [8, 8], strides: [8], minScale: 0.1, maxScale: 1 }],
  stepDecay: [[], { rate: 1, every: 1 }],
  stepMetrics: [[{ errors: data.regression() }, identity]],
  testThenTrain: [[optimizer, () => dl.scalar(1)]],
  timeWindows: [[], { time: 'at', size: 1 }],
  toNats: [[connection, 'subject']],
  toReadableStream: [[NEVER]],
  track: [[], { landmarks }],
  trainStep: [[optimizer]],
  videoFile: [['film.webm']],
  videoFrames: [[{ requestVideoFrameCallback: identity }]],
  voiceActivity: [[model]],
  warmRestarts: [[], { rate: 1, period: 1 }],
  wav: [['sound.wav']],
  webcam: [[{}]],
  ...{ hashing: [['x', 2]], impute: [['x']], minMax: [['x']], oneHotColumns: [['x']], vocabulary: [['x']] },
  ...{ prAuc: [[]], rocAuc: [[]] },
};
/** Ops have the signatures of TensorFlow.js; the specs of those that give a promise or take a tensor test their options. */
const others = [
  ...['fused', 'meshgrid', 'serveModel'],
  ...['fft', 'fft2d', 'ifft', 'ifft2d', 'irfft', 'rfft'],
  ...['histogram', 'quantile', 'solve', 'svd', 'triangularSolve'],
  ...['decodeBoxes', 'decodeHeatmap', 'decodeKeypoints', 'segmentationMask', 'topLabels'],
];

function load(): { checker: ts.TypeChecker; entries: ts.SourceFile[] } {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'));
  const program = ts.createProgram(ENTRIES, { ...options, noEmit: true });
  return { checker: program.getTypeChecker(), entries: ENTRIES.map((file) => program.getSourceFile(file)!) };
}

/** The names of the options in the signatures of each exported function that takes some. */
function optionNames(): Map<string, Set<string>> {
  const { checker, entries } = load();
  const [entry] = entries as [ts.SourceFile];
  const found = new Map<string, Set<string>>();
  const symbols = entries.flatMap((each) => checker.getExportsOfModule(checker.getSymbolAtLocation(each)!));
  for (const symbol of symbols) {
    for (const signature of checker.getTypeOfSymbolAtLocation(symbol, entry).getCallSignatures()) {
      const parameter = signature.parameters.find(({ name }) => /options$/i.test(name));
      if (!parameter) continue;
      const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, entry));
      const names = found.get(symbol.name) ?? new Set();
      for (const { name } of checker.getPropertiesOfType(type)) names.add(name);
      found.set(symbol.name, names);
    }
  }
  for (const name of others) found.delete(name);
  return found;
}

const functions = {
  ...dl,
  ...data,
  ...inspector,
  ...nats,
  ...ops,
  ...parquet,
  ...programs,
  ...sound,
  ...vision,
} as unknown as Record<string, (...args: unknown[]) => unknown>;

/** What a function says to these options; '' where nothing. */
function complaint(name: string, options: object): string {
  const [before, needed] = given[name]!;
  try {
    const made = functions[name]!(...before, { ...needed, ...options });
    // An inspection records until it is ended.
    if (name === 'inspect') (made as inspector.Inspection).end();
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('Options', () => {
  const names = optionNames();
  afterAll(() => dl.disableDebugMode());

  it('are taken by the functions of this table, and by no others', () => {
    expect([...names.keys()].sort()).toEqual(Object.keys(given).sort());
  });

  for (const [name, options] of names) {
    it(`of ${name} are at run time those of its type`, () => {
      for (const option of options) {
        expect(complaint(name, { [option]: undefined })).not.toMatch(/there is no option/);
        for (const typo of [`${option}s`, option.slice(0, -1), `${option.slice(0, 1)}${option.slice(2)}x`]) {
          if (options.has(typo)) continue;
          expect(complaint(name, { [typo]: undefined })).toContain(
            `Error: ${name}: there is no option '${typo}'; the nearest is '${option}'`,
          );
        }
      }
      expect(complaint(name, { somethingElse: 1 })).toContain(`${name}: there is no option 'somethingElse'`);
    });
  }

  it('name the nearest', () => {
    const loss = (): dl.Tensor => dl.scalar(1);
    expect(() => dl.trainStep(optimizer, loss, { lerningRate: 0.1 } as never)).toThrowError(
      "trainStep: there is no option 'lerningRate'; the nearest is 'learningRate' (others: hyperparameters, clipNorm, clipValue, " +
        'variables, retainTape, warmUp, untilWarm, accumulate, onNaN, metrics, recorded, peers)',
    );
    expect(() => dl.trainStep(optimizer, loss, { hyperparameters: { beta: 0.1 } })).toThrowError(
      /^trainStep: option 'hyperparameters' names 'beta'; wanted those of adam: the nearest is 'beta1' \(others: learningRate, beta2, epsilon\)/,
    );
    expect(() => optimizer.set('epsilom', 1)).toThrowError(
      /^adam: argument 'name' is 'epsilom'; wanted a hyper-parameter: the nearest is 'epsilon'/,
    );
  });

  it('are an object', () => {
    for (const [options, found] of [
      [3, '3'],
      ['x', "'x'"],
      [null, 'null'],
    ] as const) {
      expect(() => dl.batch(2, options as never)).toThrowError(
        `batch: argument 'options' is ${found}; wanted an object of options`,
      );
    }
  });
});
