// What operators and sources are given by mistake: they say so where they are written, naming what was found and what was wanted.
import * as dl from 'rxtensor';
import * as streams from '../index';
import * as checkpoints from 'rxtensor/checkpoints';
import * as data from 'rxtensor/data';
import * as files from 'rxtensor/files';
import * as inspector from 'rxtensor/inspector';
import * as parquet from 'rxtensor/parquet';
import * as sound from 'rxtensor/sound';
import * as vision from 'rxtensor/vision';
import * as workers from 'rxtensor/workers';
import { memoryStore } from '../checkpoints/memory-store';

/** A function of the library under the name that a program calls it by, and what it says of wrong arguments. */
type Calls = readonly (readonly [given: readonly unknown[], message: string])[];

const positive = (given: string, found: string): string => `${given} is ${found}; wanted a positive integer`;
const plainNumbers = [1, 2];

const pacing = (...first: unknown[]): Calls => [
  [[...first, { inFlight: 0 }], positive("option 'inFlight'", '0')],
  [[...first, { inFlight: '2' }], positive("option 'inFlight'", "'2'")],
  [[...first, { scheduler: 3 }], "option 'scheduler' is 3; wanted a scheduler, as asyncScheduler"],
];
const dropping = (...first: unknown[]): Calls => [
  [[...first, { onDrop: true }], "option 'onDrop' is true; wanted a function"],
];

const warming = (...first: unknown[]): Calls => [
  [[...first, { warmUp: [1] }], "option 'warmUp' is [1]; wanted a function"],
  [
    [...first, { warmUp: () => 1, untilWarm: 3 }],
    "option 'untilWarm' is 3; wanted a backend's name, beside 'warmUp'",
  ],
  [[...first, { untilWarm: 'cpu' }], "option 'untilWarm' is 'cpu'; wanted a backend's name, beside 'warmUp'"],
];

/** It looks like a loaded model. */
const aModel = { executeAsync: () => Promise.resolve([]) };

/** Made anew for each run: an optimizer owns variables. */
const training = (): { readonly optimizer: dl.Optimizer } => ({ optimizer: dl.train.sgd(0.1) });

const wrong: Readonly<Record<string, () => Calls>> = {
  waitUntil: () => [],
  isHostArray: () => [],
  parseIdx: () => [],
  mapTensor: () => [[[undefined], "argument 'project' is undefined; wanted a function"], ...warming(() => 1)],
  predict: () => [[[3], "argument 'model' is number; wanted a function, or a model"], ...warming(() => 1)],
  mapTensorAsync: () => [
    [['x'], "argument 'project' is string; wanted a function"],
    [[() => Promise.resolve(), { concurrency: 0.5 }], positive("option 'concurrency'", '0.5')],
  ],
  scanTensor: () => [[[3], "argument 'accumulate' is number; wanted a function"]],
  batch: () => [
    [[0], positive("argument 'size'", '0')],
    [['3'], positive("argument 'size'", "'3'")],
    [[2, { maxWait: -1 }], "option 'maxWait' is -1; wanted milliseconds, not negative"],
    [[2, { scheduler: {} }], "option 'scheduler' is an object; wanted a scheduler, as asyncScheduler"],
  ],
  shuffle: () => [
    [[-1], positive("argument 'buffer'", '-1')],
    [[2, { seed: 'x' }], "option 'seed' is 'x'; wanted a finite number"],
  ],
  slidingWindow: () => [
    [[null], positive("argument 'size'", 'null')],
    [[2, { stride: 0 }], positive("option 'stride'", '0')],
  ],
  trainStep: () => {
    const { optimizer } = training();
    return [
      [['adam'], "argument 'optimizer' is string; wanted an optimizer, as train.adam()"],
      [[optimizer, 'mse'], "argument 'loss' is 'mse'; wanted a function of a batch, or options"],
      [[optimizer, () => 1, 0.1], "argument 'options' is 0.1; wanted an object"],
      ...warming(optimizer, () => 1),
      [[optimizer, { warmUp: () => 1 }], "option 'warmUp' is a function; wanted a loss function beside it"],
      [[optimizer, { accumulate: 0 }], positive("option 'accumulate'", '0')],
      [[optimizer, { clipNorm: -1 }], "option 'clipNorm' is -1; wanted a positive number"],
      [
        [optimizer, { clipNorm: 1, clipValue: 1 }],
        "options 'clipNorm' and 'clipValue' were both given; wanted one",
      ],
      [[optimizer, { onNaN: 'stop' }], "option 'onNaN' is stop; wanted 'skip' or 'error'"],
      [[optimizer, { metrics: { a: 1 } }], "metric 'a' is number; wanted a function"],
      [
        [optimizer, { learningRate: '0.1' }],
        "option 'learningRate' is '0.1'; wanted a number, or an observable of numbers",
      ],
    ];
  },
  gradients: () => [[['mse'], "argument 'loss' is 'mse'; wanted a function of a batch, or options"]],
  applyGradients: () => [
    [[], "argument 'optimizer' is undefined; wanted an optimizer, as train.adam()"],
    [
      [training().optimizer, { hyperparameters: { beta: 1 } }],
      "option 'hyperparameters' names 'beta'; wanted those of sgd: the nearest is 'learningRate'",
    ],
  ],
  validate: () => [
    [[0, dl.examples(plainNumbers), () => 1], positive("argument 'every'", '0')],
    [[1, plainNumbers, () => 1], "argument 'source' is [1,2]; wanted an observable of batches"],
    [[1, dl.examples(plainNumbers)], "argument 'metric' is undefined; wanted a function"],
  ],
  earlyStop: () => [
    [[], "argument 'options' is undefined; wanted an object of options"],
    [[{ patience: 0 }], positive("option 'patience'", '0')],
    [[{ patience: 1, minDelta: -1 }], "option 'minDelta' is -1; wanted a number, not negative"],
    [[{ patience: 1, mode: 'least' }], "option 'mode' is least; wanted 'min' or 'max'"],
    [[{ patience: 1, of: 'loss' }], "option 'of' is string; wanted a function"],
    [[{ patience: 1, variables: 'w' }], "option 'variables' is 'w'; wanted an array of variables"],
  ],
  checkpoint: () => [[[{ every: 0, store: memoryStore() }], positive("option 'every'", '0')]],
  resume: () => [],
  resilient: () => {
    const { optimizer } = training();
    const start = (): never[] => [];
    return [
      [[optimizer, 'start', { shadow: 1 }], "argument 'start' is 'start'; wanted a function"],
      [[optimizer, start, { shadow: 0 }], positive("option 'shadow'", '0')],
      [
        [optimizer, start, { shadow: 1, store: memoryStore() }],
        "option 'store' is an object; wanted none beside the option 'shadow'",
      ],
      [[optimizer, start, { shadow: 1, wait: -1 }], "option 'wait' is -1; wanted milliseconds, not negative"],
      [
        [optimizer, start, { shadow: 1, scheduler: 1 }],
        "option 'scheduler' is 1; wanted a scheduler, as asyncScheduler",
      ],
    ];
  },
  memoryStore: () => [],
  indexedDBStore: () => [[[''], 'argument \'key\' is ""; wanted a name']],
  runningMean: () => [[[0], positive("argument 'window'", '0')]],
  exponentialMean: () => [[[1], "argument 'inertia' is 1; wanted a number from 0 to below 1"]],
  confusionCounts: () => [[[2.5], positive("argument 'classes'", '2.5')]],
  progress: () => [
    [[{ window: 1 }], "option 'window' is 1; wanted an integer of at least 2"],
    [[{ scheduler: 1 }], "option 'scheduler' is 1; wanted a scheduler, as asyncScheduler"],
  ],
  latest: () => dropping(),
  across: () => [
    [[{}], "argument 'carrying' is object; wanted an operator, as delay(100)"],
    [[(x: unknown) => x, { holds: 0 }], "option 'holds' is 0; wanted a positive integer, or 'all'"],
  ],
  combineLatestTensor: () => [
    [[{ a: 1 }], "argument 'sources' is object; wanted an array of observables"],
    [[[]], "argument 'sources' is empty; wanted an array of observables"],
    [[[[], 1]], 'source 1 is 1; wanted an observable, or what RxJS makes one of'],
  ],
  zipTensor: () => [[[[null]], 'source 0 is null; wanted an observable, or what RxJS makes one of']],
  withLatestFromTensor: () => [
    [[], "argument 'sources' is empty; wanted an array of observables"],
    [[() => 1], 'source 0 is a function; wanted an observable, or what RxJS makes one of'],
  ],
  shareReplayTensor: () => [[[{ bufferSize: 1 }], positive("argument 'size'", 'an object')]],
  examples: () => [
    ...pacing(plainNumbers),
    [[3], "argument 'data' is number; wanted arrays, tensors, objects of them, or an iterable"],
    [[plainNumbers, { epochs: -1 }], "option 'epochs' is -1; wanted a non-negative integer, or Infinity"],
    [[plainNumbers, { startAt: 0.5 }], "option 'startAt' is 0.5; wanted a non-negative integer"],
    [[plainNumbers, { seed: NaN }], "option 'seed' is NaN; wanted a finite number"],
  ],
  csv: () => [
    ...pacing('data.csv'),
    [
      ['data.csv', { columns: null }],
      "option 'columns' is null; wanted at least one column with its type, as {x: 'float32'}",
    ],
    [
      ['data.csv', { header: false }],
      "option 'header' is false without 'columns'; wanted their names and types",
    ],
  ],
  jsonLines: () => [
    [['rows.jsonl', { columns: { x: 'float32' }, inFlight: 0 }], positive("option 'inFlight'", '0')],
    [
      ['rows.jsonl', { columns: null }],
      "option 'columns' is null; wanted at least one column with its type, as {x: 'float32'}",
    ],
    [
      ['rows.jsonl', { columns: { x: 'double' } }],
      "option 'columns' has the type 'double' for 'x'; wanted float32, int32, bool, string",
    ],
    [
      ['rows.jsonl', { columns: {} }],
      "option 'columns' is an object; wanted at least one column with its type, as {x: 'float32'}",
    ],
    [
      ['rows.jsonl', { columns: { x: 'float32' }, startAt: 0.5 }],
      "option 'startAt' is 0.5; wanted a non-negative integer",
    ],
  ],
  fileBytes: () => pacing(new Blob()),
  parquet: () => [
    ...pacing('rows.parquet'),
    [
      ['rows.parquet', { columns: { x: 'double' } }],
      "option 'columns' has the type 'double' for 'x'; wanted float32, int32, bool, string",
    ],
    [['rows.parquet', { startAt: -1 }], "option 'startAt' is -1; wanted a non-negative integer"],
    [
      ['rows.parquet', { compressors: { GZIP: 1 } }],
      "option 'compressors' is an object; wanted functions by the names of codecs",
    ],
  ],
  idx: () => [],
  loadIdx: () => [],
  each: () => [
    [[dl.examples(plainNumbers), { buffer: 0 }], positive("option 'buffer'", '0')],
    [[dl.examples(plainNumbers), 3], "argument 'options' is 3; wanted an object of options"],
    [[plainNumbers], "argument 'source' is [1,2]; wanted an observable"],
  ],
  toReadableStream: () => [
    [[dl.examples(plainNumbers), { buffer: 1.5 }], positive("option 'buffer'", '1.5')],
    [[null], "argument 'source' is null; wanted an observable"],
  ],
  fromAsyncIterable: () => [
    ...pacing(dl.each(dl.examples(plainNumbers))),
    [
      [plainNumbers],
      "argument 'iterable' is [1,2]; wanted an async iterable; examples() takes arrays and other iterables",
    ],
  ],
  fromReadable: () => [
    ...pacing(new ReadableStream()),
    [
      [plainNumbers],
      "argument 'stream' is object; wanted a ReadableStream, an async iterable, a Blob or a Response",
    ],
  ],
  images: () => [
    ...pacing([]),
    [['cat.jpg'], "argument 'sources' is string; wanted an array of addresses or Blobs"],
    [[[], { ahead: 0 }], positive("option 'ahead'", '0')],
  ],
  webcam: () => [
    ...pacing({}),
    ...dropping({}),
    [[{}, { channels: 5 }], "option 'channels' is 5; wanted an integer from 1 to 4"],
  ],
  videoFrames: () => [[['video'], "argument 'video' is string; wanted a video element"]],
  canvasFrames: () => [[['canvas'], "argument 'canvas' is string; wanted a canvas"]],
  paint: () => [[[null], "argument 'canvas' is object; wanted a canvas"]],
  inWorker: () => [
    [
      ['worker.js'],
      "argument 'make' is string; wanted a function that gives a new worker, since each subscription has its own",
    ],
  ],
  serve: () => [[[], "argument 'pipeline' is undefined; wanted a function that gives an observable"]],
  remoteVariables: () => [],
  accuracy: () => [],
  download: () => [],
  own: () => [],
  ownLast: () => [],
  scoped: () => [],
  unbatch: () => [],
  regression: () => [],
  measure: () => [
    [
      [undefined],
      "argument 'metric' is undefined, without a function 'start'; wanted a metric, as regression()",
    ],
    [
      [{ ...data.regression(), merge: 1 }],
      "argument 'metric' is an object, without a function 'merge'; wanted a metric, as regression()",
    ],
  ],
  measurePart: () => [
    [[3], "argument 'metric' is 3, without a function 'start'; wanted a metric, as regression()"],
  ],
  mergeParts: () => [
    [[null], "argument 'metric' is null, without a function 'start'; wanted a metric, as regression()"],
  ],
  stepMetrics: () => [
    [[{ a: data.regression() }, 3], "argument 'outputsOf' is 3; wanted a function"],
    [[{ a: data.regression() }, () => ({}), { window: 0 }], positive("option 'window'", '0')],
    [[{ a: data.regression() }, () => ({}), { state: 3 }], "option 'state' is 3; wanted what toJSON() gave"],
  ],
  alongside: () => [
    [[3, () => 0], "argument 'metric' is 3, without a function 'start'; wanted a metric, as regression()"],
    [[data.regression(), 3], "argument 'select' is number; wanted a function"],
  ],
  calibration: () => [[[0], positive("argument 'bins'", '0')]],
  classReport: () => [[[1.5], positive("argument 'classes'", '1.5')]],
  ...Object.fromEntries(
    ['precision', 'recall', 'f1'].map((name) => [
      name,
      () => [[[2, 2], "argument 'of' is 2; wanted a class from 0 to 1, 'macro' or 'weighted'"]],
    ]),
  ),
  cyclic: () => [[['hour', 0], "argument 'period' is 0; wanted a positive number"]],
  dates: () => [
    [
      ['day', []],
      "argument 'parts' is []; wanted some of year, month, day, weekday, dayOfYear, hour, minute",
    ],
  ],
  evaluation: () => [[[data.regression(), 3], "argument 'outputsOf' is number; wanted a function"]],
  fit: () => [[[3], "argument 'steps' is 3; wanted a list of steps, as [standardise('x')]"]],
  transform: () => [[[3], "argument 'steps' is 3; wanted a list of steps, as [standardise('x')]"]],
  transformRow: () => [[[3, {}], "argument 'steps' is 3; wanted a list of steps, as [standardise('x')]"]],
  hashing: () => [[['x', 0], "argument 'buckets' is 0; wanted an integer from 1 to 2147483648"]],
  impute: () => [
    [['x', { with: 'least' }], "option 'with' is 'least'; wanted 'mean', 'median' or 'constant'"],
    [[[]], "argument 'columns' is []; wanted the name of a column, or several different ones"],
  ],
  metrics: () => [
    [[null], "argument 'byName' is null; wanted an object of metrics"],
    [[{ a: 3 }], "argument 'metric' is 3, without a function 'start'; wanted a metric, as regression()"],
  ],
  minMax: () => [[['x', { range: [1, 0] }], "option 'range' is [1,0]; wanted two numbers, the lower first"]],
  oneHotColumns: () => [[[3], "argument 'column' is 3; wanted the name of a column"]],
  vocabulary: () => [[['x', { most: 0 }], positive("option 'most'", '0')]],
  pairs: () => [],
  prAuc: () => [[[{ bins: 0 }], positive("option 'bins'", '0')]],
  rocAuc: () => [[[{ bins: 0 }], positive("option 'bins'", '0')]],
  robust: () => [[[3], "argument 'columns' is 3; wanted the name of a column, or several different ones"]],
  standardise: () => [
    [[3], "argument 'columns' is 3; wanted the name of a column, or several different ones"],
  ],
  topK: () => [
    [[0, 3], positive("argument 'k'", '0')],
    [[1, 0], positive("argument 'classes'", '0')],
  ],
  unpaired: () => [
    [
      [[1]],
      "argument 'values' has means over several batches, or none of pairs(); wanted all of its values, of trainStep() without 'accumulate'",
    ],
  ],
  adwin: () => [
    [[{ delta: 2 }], "option 'delta' is 2; wanted a number between 0 and 1"],
    [[{ clock: 0 }], positive("option 'clock'", '0')],
    [[{ state: 3 }], "option 'state' is 3; wanted what toJSON() of a detector of its kind gave"],
  ],
  pageHinkley: () => [
    [[{ minInstances: 0.5 }], positive("option 'minInstances'", '0.5')],
    [[{ threshold: -1 }], "option 'threshold' is -1; wanted a number above 0"],
    [[{ direction: 'left' }], "option 'direction' is 'left'; wanted 'up', 'down' or 'both'"],
  ],
  detectDrift: () => [
    [[{}], "argument 'detector' is an object; wanted a detector, as adwin()"],
    [[data.adwin(), { of: 3 }], "option 'of' is 3; wanted a function that gives a number"],
  ],
  prequentialMeans: () => [
    [[{ window: 0 }], positive("option 'window'", '0')],
    [[{ fading: 2 }], "option 'fading' is 2; wanted a number above 0, at most 1"],
  ],
  testThenTrain: () => {
    const { optimizer } = training();
    return [
      [[optimizer, 3], "argument 'loss' is 3; wanted a function of a batch"],
      [[optimizer, () => 1, { window: 0 }], positive("option 'window'", '0')],
    ];
  },
  reservoir: () => [
    [[{ capacity: 0 }], positive("option 'capacity'", '0')],
    [[{ capacity: 1, seed: 'x' }], "option 'seed' is 'x'; wanted a finite number"],
  ],
  prioritised: () => [[[{ capacity: '2' }], positive("option 'capacity'", "'2'")]],
  replayBuffer: () => [
    [[null], "argument 'memory' is null; wanted reservoir() or prioritised()"],
    [[data.reservoir({ capacity: 1 }), { replay: 0 }], positive("option 'replay'", '0')],
  ],
  splitRows: () => [
    [
      [dl.examples(plainNumbers), { a: 0.5 }],
      `argument 'shares' is {"a":0.5}; wanted shares above 0 that make up 1, as {train: 0.8, test: 0.2}`,
    ],
    [[3, { a: 1 }], "argument 'rows' is 3; wanted an observable of rows"],
  ],
  partOf: () => [
    [
      [{ a: 1 }, { by: 3 }],
      "option 'by' is 3; wanted the name of a column, several names, or a function of a row",
    ],
    [[{ a: 1 }, { seed: 'x' }], "option 'seed' is 'x'; wanted a finite number"],
  ],
  balanced: () => [
    [[3], "argument 'classes' is 3; wanted the name of a column, or a step of classWeights()"],
    [['label', { most: 0 }], positive("option 'most'", '0')],
    [
      [data.classWeights('label')],
      'step 1 (classWeights of label) is not fitted; wanted steps that fit() gives, or what it would learn as its option',
    ],
  ],
  classWeights: () => [
    [[3], "argument 'column' is 3; wanted the name of a column"],
    [['label', { into: 3 }], "option 'into' is 3; wanted the name of a column"],
    [
      ['label', { counts: { a: 0 } }],
      "option 'counts' is an object; wanted positive integers by the names of classes",
    ],
  ],
  timeWindows: () => [
    [[{ size: 1 }], "option 'time' is undefined; wanted the name of a column, or a function of a value"],
    [
      [{ time: 'at' }],
      "wanted one of the options 'size', for windows of the same length, and 'gap', for sessions",
    ],
    [[{ time: 'at', gap: -1 }], "option 'gap' is -1; wanted a time above 0"],
  ],
  schedule: () => [
    [['adam'], "argument 'optimizer' is 'adam'; wanted an optimizer, as train.adam()"],
    [[training().optimizer, 0.1], "argument 'rule' is 0.1; wanted a function of the step"],
  ],
  stepDecay: () => [
    [[], "argument 'options' is undefined; wanted an object of options"],
    [[{ rate: 0, every: 1 }], "option 'rate' is 0; wanted a number above 0"],
  ],
  exponentialDecay: () => [[[{ rate: 1, every: 0 }], positive("option 'every'", '0')]],
  cosineDecay: () => [
    [[{ rate: 1, steps: 0 }], positive("option 'steps'", '0')],
    [[{ rate: 1, steps: 1, least: -1 }], "option 'least' is -1; wanted a number from 0 to 'rate', 1"],
  ],
  warmRestarts: () => [
    [[{ rate: 1, period: 1, factor: 0.5 }], "option 'factor' is 0.5; wanted a number, at least 1"],
  ],
  warmUpThen: () => [
    [[0, () => 1], positive("argument 'steps'", '0')],
    [[1, 0.1], "argument 'rule' is 0.1; wanted a function of the step"],
  ],
  snapshots: () => [
    [[3], "argument 'model' is 3; wanted a function"],
    [[() => 0, { of: 'loss' }], "option 'of' is 'loss'; wanted a function that gives a number"],
    [[() => 0, { mode: 'best' }], "option 'mode' is 'best'; wanted 'min' or 'max'"],
    [[() => 0, { variables: 'w' }], "option 'variables' is 'w'; wanted an array of variables"],
  ],
  inspect: () => [
    [[3], "argument 'pipeline' is 3; wanted an observable"],
    [
      [dl.examples(plainNumbers), { stuckAfter: -1 }],
      "option 'stuckAfter' is -1; wanted milliseconds, not negative",
    ],
  ],
  inspectorOverlay: () => [
    [[3], "argument 'source' is 3; wanted what inspect() gave, or an observable of its frames"],
    [
      [dl.examples(plainNumbers), { theme: 'pink' }],
      "option 'theme' is 'pink'; wanted 'auto', 'light' or 'dark'",
    ],
  ],
  ...{ timeOf: () => [], withTime: () => [], cameras: () => [] },
  camera: () => [
    ...pacing({}),
    [[{}, { preview: 3 }], "option 'preview' is 3; wanted a video element"],
    [[{}, { channels: 7 }], "option 'channels' is 7; wanted an integer from 1 to 4"],
  ],
  screen: () => [[[{}, { preview: 3 }], "option 'preview' is 3; wanted a video element"]],
  mediaFrames: () => [
    [[3], "argument 'source' is 3; wanted a video track, or a ReadableStream of VideoFrames"],
    [
      [{ kind: 'audio' }],
      "argument 'source' is an object; wanted a video track, or a ReadableStream of VideoFrames",
    ],
  ],
  videoFile: () => [
    [[3], "argument 'source' is 3; wanted a Blob, or an address"],
    [['film.webm', { loop: 1 }], "option 'loop' is 1; wanted one of true, false"],
  ],
  decodedFrames: () => [
    [[3, { codec: 'vp8' }], "argument 'chunks' is 3; wanted an iterable of EncodedVideoChunk"],
    [[[], {}], "argument 'config' is an object; wanted a configuration with a codec, as { codec: 'vp8' }"],
  ],
  alignBy: () => [
    [['time', [[]]], "argument 'time' is 'time'; wanted 'capture', 'media', or a function of a value"],
    [['media', []], "argument 'sources' is empty; wanted an array of observables"],
    [
      ['media', [[]], { within: -1 }],
      "option 'within' is -1; wanted a number that is not negative, in the unit of the time",
    ],
    [['media', [[]], { buffer: 0 }], positive("option 'buffer'", '0')],
  ],
  cropRegion: () => [[[3], "argument 'picture' is 3; wanted a picture, a tensor [height, width, channels]"]],
  letterbox: () => [[[3], "argument 'picture' is 3; wanted a picture, a tensor [height, width, channels]"]],
  mapPoints: () => [
    [[[], [1]], "argument 'map' is [1]; wanted six finite numbers, as 'toPicture' of cropRegion"],
  ],
  normalize: () => [[[3, '0..1'], "argument 'pictures' is 3; wanted a tensor"]],
  segmentationMask: () => [[[3, [1, 1]], "argument 'output' is 3; wanted a tensor"]],
  ssdAnchors: () => [[[{ strides: [0] }], "option 'strides' is [0]; wanted positive integers"]],
  nonMaxSuppression: () => [
    [[3], "argument 'detections' is 3; wanted a list of detections, as decodeBoxes() gives"],
    [[[], { iouThreshold: 2 }], "option 'iouThreshold' is 2; wanted a number in [0, 1]"],
  ],
  // These give a promise, which is rejected: their specs test it.
  ...{ decodeBoxes: () => [], decodeHeatmap: () => [], decodeKeypoints: () => [], topLabels: () => [] },
  ...{ drawBodies: () => [], drawFaces: () => [], drawHands: () => [] },
  detector: () => [
    [[3], "argument 'model' is 3; wanted a model, as loadGraphModel() of rxtensor/models gives"],
    [
      [aModel, {}],
      "argument 'spec' is an object; wanted a spec whose 'kind' is 'ssd', 'list' or 'corners', as specs.blazeface",
    ],
  ],
  landmarker: () => [
    [[3], "argument 'model' is 3; wanted a model, as loadGraphModel() of rxtensor/models gives"],
    [
      [aModel, null],
      "argument 'spec' is null; wanted a spec with input, points, decoding, as specs.facemesh",
    ],
  ],
  classifier: () => [
    [[3], "argument 'model' is 3; wanted a model, as loadGraphModel() of rxtensor/models gives"],
    [[aModel, {}], "argument 'spec', as specs.nsfw: option 'input' is missing"],
  ],
  segment: () => [
    [[3], "argument 'find' is 3; wanted a function, as segmenter() gives"],
    [[() => 0, { blur: 0 }], "option 'blur' is 0; wanted a positive number of pixels"],
  ],
  segmenter: () => [
    [[3], "argument 'model' is 3; wanted a model, as loadGraphModel() of rxtensor/models gives"],
    [[aModel, 3], "argument 'spec' is 3; wanted a spec with input, output, decoding, as specs.selfie"],
  ],
  track: () => [
    [[{}], "option 'landmarks' is undefined; wanted what landmarker() gives"],
    [[{ landmarks: 3 }], "option 'landmarks' is 3; wanted what landmarker() gives"],
  ],
  smooth: () => [[[{ minCutoff: 0 }], "option 'minCutoff' is 0; wanted a positive number of Hz"]],
  overlay: () => [
    [[3], "argument 'canvas' is 3; wanted a canvas"],
    [[{ getContext: () => null }, 3], "argument 'draw' is 3; wanted a function, such as drawFaces"],
  ],
  rates: () => [[[{ window: 0.5 }], "option 'window' is 0.5; wanted a positive integer"]],
  microphones: () => [],
  microphone: () => [
    ...pacing({}),
    [
      [{ sampleRate: 0.5 }],
      "option 'sampleRate' is 0.5; wanted a positive integer, or null for that of the source",
    ],
    [[{ channels: 1 }], "option 'channels' is 1; wanted one of 'mono', 'all'"],
    [[{}, { frame: 0 }], positive("option 'frame'", '0')],
    [[{}, { ring: 0 }], "option 'ring' is 0; wanted a positive number of seconds"],
    [[{}, { onGap: true }], "option 'onGap' is true; wanted a function"],
    [[{}, { worklet: 3 }], "option 'worklet' is 3; wanted the address of rxtensor/sound-worklet.js"],
  ],
  audioFrames: () => [
    ...pacing('sound.wav'),
    [
      [3],
      "argument 'source' is 3; wanted a media element, a MediaStream, an AudioBuffer, a file, bytes or an address",
    ],
    [['sound.wav', { hop: 0 }], positive("option 'hop'", '0')],
    [['sound.wav', { padEnd: 1 }], "option 'padEnd' is 1; wanted one of true, false"],
  ],
  wav: () => [
    ...pacing('sound.wav'),
    [
      ['sound.wav', { sampleRate: 0 }],
      "option 'sampleRate' is 0; wanted a positive integer, or null for that of the file",
    ],
    [['sound.wav', { channels: 1 }], "option 'channels' is 1; wanted one of 'mono', 'all'"],
    [['sound.wav', { chunk: 0.5 }], positive("option 'chunk'", '0.5')],
  ],
  overlapping: () => [
    [[{ hop: 2 }], "option 'frame' is missing; wanted a positive integer"],
    [[{ frame: 4, hop: 0 }], positive("option 'hop'", '0')],
    [[{ frame: 4, sampleRate: -1 }], "option 'sampleRate' is -1; wanted a positive number, or null"],
  ],
  resample: () => [
    [[{ from: 8000 }], "option 'to' is missing; wanted a positive integer"],
    [[{ from: 0, to: 1 }], positive("option 'from'", '0')],
  ],
  voiceActivity: () => [
    [[3], "argument 'model' is 3; wanted a model, as loadGraphModel() of rxtensor/models gives"],
    [
      [aModel, { spec: {} }],
      "option 'spec' is an object; wanted one of specs, as specs.silero, or one like it",
    ],
  ],
  classify: () => [
    [
      [3, { labels: ['a'], window: 1 }],
      "argument 'model' is 3; wanted a model, as loadGraphModel() of rxtensor/models gives, or a function",
    ],
    [[aModel, { labels: ['a'] }], "option 'window' is missing; wanted a positive integer"],
    [[aModel, { labels: ['a'], window: 1, smoothing: 0 }], positive("option 'smoothing'", '0')],
  ],
  pitch: () => [
    [[3], "argument 'model' is 3; wanted a model, as loadGraphModel() of rxtensor/models gives"],
    [
      [aModel, { every: 143 }],
      "option 'every' is 143; wanted a positive integer, at most as many frames as a window has without its margins",
    ],
  ],
  notes: () => [[[{ least: -1 }], "option 'least' is -1; wanted seconds, 0 or more"]],
  decisions: () => [[[{ below: 0.6 }], "option 'below' is 0.6; wanted a number, at most that of 'above'"]],
  spectrogram: () => [
    [[{}], "option 'frame' is missing; wanted a positive integer"],
    [[{ frame: 4, kind: 'mel' }], "option 'sampleRate' is missing; wanted a positive number for kind 'mel'"],
  ],
  // The spec of src/sound/fourier has what else they are given by mistake.
  complex: () => [[[[1, 2], [1]], "argument 'imaginary' has shape [1]; wanted that of 'real', [2]"]],
  ...Object.fromEntries(
    ['real', 'imag', 'complexAbs', 'angle', 'fft', 'ifft', 'irfft', 'fft2d', 'ifft2d'].map((name) => [
      name,
      (): Calls => [
        [
          [[1, 2, 3]],
          "argument 'x' has shape [3]; wanted complex values, with a last axis of two: make them with complex(real, imaginary)",
        ],
      ],
    ]),
  ),
  rfft: () => [[[[1, 2], { norm: 1 }], "option 'norm' is 1; wanted one of 'backward', 'forward', 'ortho'"]],
};

describe('What is given by mistake', () => {
  const functions: Readonly<Record<string, unknown>> = {
    ...streams,
    ...checkpoints,
    ...data,
    ...files,
    ...inspector,
    ...parquet,
    ...sound,
    ...vision,
    ...workers,
  };

  it('is known of every function of the streams, and of the entries above them', () => {
    const names = Object.keys(functions).filter((name) => typeof functions[name] === 'function');
    expect(Object.keys(wrong).sort()).toEqual(names.sort());
  });

  for (const [name, calls] of Object.entries(wrong)) {
    for (const [index, [given, message]] of calls().entries()) {
      it(`is told of at once by ${name}: ${message} (${index})`, () => {
        expect(() => (functions[name] as (...args: unknown[]) => unknown)(...given)).toThrowError(
          `${name}: ${message}`,
        );
      });
    }
  }
});
