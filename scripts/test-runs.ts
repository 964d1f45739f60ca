/** The runs of `npm test` and `npm run test:long`. */

/** A run of a suite in an environment. */
export interface Run {
  readonly name: string;
  /** The arguments for node. */
  readonly command: readonly string[];
  /** So many days run all specs of it, a part each. Left out: every day does. `npm run test:long` runs them all. */
  readonly days?: number;
}

const node = ['--enable-source-maps', 'scripts/run-jasmine.js', 'specs'];
const browser = ['--import', 'tsx', 'node_modules/karma/bin/karma', 'start', '--single-run', '--bundled'];
const comparisonInNode = ['--enable-source-maps', 'scripts/run-jasmine.js', 'differential'];
const comparisonInBrowser = [...browser, '--suite', 'differential'];
const pipelinesInNode = ['--enable-source-maps', 'scripts/run-jasmine.js', 'pipelines'];
const fourWaysInNode = ['--enable-source-maps', 'scripts/run-jasmine.js', 'four-ways'];
const publicModels = ['--import', 'tsx', 'scripts/run-jasmine.js', 'models'];
const platforms = ['--import', 'tsx', 'scripts/run-jasmine.js', 'platforms'];
const project = ['--import', 'tsx', 'scripts/run-jasmine.js', 'project'];

/** The specs of WebGPU's own: devices, buffers, batches. */
const ownOfWebGPU: Run = {
  name: 'specs of the WebGPU backend, in Chromium',
  command: [...browser, '--backend', 'webgpu', '--filter', 'the WebGPU backend'],
};

/** The specs on both backends, and in other environments. A variant of a backend is a row here. */
const suiteRuns: readonly Run[] = [
  { name: 'specs on the CPU, in Node', command: [...node, '--backend', 'cpu'] },
  { name: 'specs on WebGL, in Chromium', command: [...browser, '--backend', 'webgl'], days: 2 },
  {
    name: 'specs on the CPU without SIMD, in Node',
    command: [...node, '--backend', 'cpu', '--flags', 'simd=none'],
    days: 3,
  },
  { name: 'specs on the CPU, in Chromium', command: [...browser, '--backend', 'cpu'], days: 3 },
  {
    name: 'specs on WebGL with textures of 256 texels, in Chromium',
    command: [...browser, '--backend', 'webgl', '--flags', 'maxTextureSize=256'],
    days: 3,
  },
  {
    name: 'specs on the CPU, in Firefox',
    command: [...browser, '--browser', 'firefox', '--backend', 'cpu'],
    days: 20,
  },
  {
    name: 'specs on WebGL, in Firefox',
    command: [...browser, '--browser', 'firefox', '--backend', 'webgl'],
    // Slow: Firefox has no software driver of its own, and Mesa's shares the cores with it.
    days: 60,
  },
];
const DAY = Math.floor(Date.now() / 86_400_000);
const projectRun: Run = { name: 'the package and its examples', command: project };

/** The part of a run's specs that is today's turn. */
function partOfToday(run: Run): Run {
  const { name, command, days } = run;
  if (days === undefined) return run;
  const place = 1 + (DAY % days);
  return {
    name: `${name}, part ${place} of ${days} (by day ${DAY})`,
    command: [...command, '--part', `${place}/${days}`],
  };
}

/** Compare every op with TensorFlow.js. */
function comparisons(draws: string | undefined): readonly Run[] {
  const flags = draws === undefined ? [] : ['--flags', `runs=${draws}`];
  return [
    {
      name: 'against TensorFlow.js on the CPU, in Node',
      command: [...comparisonInNode, '--backend', 'cpu', ...flags],
    },
    {
      name: 'against TensorFlow.js on WebGL, in Chromium',
      command: [...comparisonInBrowser, '--backend', 'webgl', ...flags],
    },
  ];
}

/** On WebGPU only specs whose names contain the text: those that read at once cannot run there. */
const onWebGPU = (filter: string): readonly string[] => ['--backend', 'webgpu', '--filter', filter];

/** Compare every kernel and op on all backends and kernel levels. Slow browsers get fewer draws. */
function fourWays(draws: string | undefined): readonly Run[] {
  const flags = (share: number): string[] =>
    draws === undefined ? [] : ['--flags', `runs=${Math.ceil(Number(draws) * share)}`];
  return [
    { name: 'all CPU kernels alike, in Node', command: [...fourWaysInNode, '--backend', 'cpu', ...flags(1)] },
    {
      name: 'all CPU kernels and WebGL alike, in Chromium',
      command: [...browser, '--suite', 'four-ways', '--backend', 'webgl', ...flags(0.1)],
    },
    {
      name: 'all kernels on WebGPU as on the CPU, in Chromium',
      command: [...browser, '--suite', 'four-ways', ...onWebGPU('on WebGPU'), ...flags(0.1)],
    },
  ];
}

/** Compare random pipelines of tensors with pipelines of numbers. Slow browsers get fewer. */
function pipelines(count: string | undefined): readonly Run[] {
  const flags = count === undefined ? [] : ['--flags', `pipelines=${count}`];
  const inNode: Run = {
    name: 'random pipelines on the CPU, in Node',
    command: [...pipelinesInNode, '--backend', 'cpu', ...flags],
  };
  const inBrowser: Run = {
    name: 'random pipelines on WebGL, in Chromium',
    command: [...browser, '--suite', 'pipelines', '--backend', 'webgl'],
  };
  return [inNode, inBrowser];
}

/** Test more broken checkpoints and messages than the specs do. */
function hostile(count: string): readonly Run[] {
  return [
    {
      name: 'hostile checkpoints and messages, in Node',
      command: [...node, '--backend', 'cpu', '--filter', 'Hostile', '--flags', `hostile=${count}`],
    },
  ];
}

/** Compare public models with TensorFlow.js, which takes seconds for one. */
function modelsBeside(count: string): Run {
  return { name: 'public models, in Node', command: [...publicModels, '--flags', `models=${count}`] };
}

/** Train in several processes, and cause faults in them, which take seconds each. */
function chaos(count: string): Run {
  const filter = ['--filter', 'A run of several processes', '--flags', `chaos=${count}`];
  return { name: 'runs of several processes, and faults in them', command: [...project, ...filter] };
}

/** Listens to a microphone for so many seconds. */
function listening(seconds: string): Run {
  const filter = ['--filter', 'A microphone of a page', '--flags', `microphone=${seconds}`];
  return { name: 'a microphone', command: [...project, ...filter] };
}

/** Runs every example of the documentation site in it, those of the reference too. */
const wholeSite: Run = {
  name: 'the documentation site, every example',
  command: [...project, '--filter', 'The documentation site', '--flags', 'site=all'],
};

/** Use the library in frameworks, runtimes and browsers that have to be installed first. */
function onPlatforms(count: string): Run {
  return {
    name: 'frameworks, runtimes and browsers',
    command: [...platforms, '--flags', `platforms=${count}`],
  };
}

/** What `npm run test:long` may name; it runs nothing else. */
export interface LongRuns {
  /** All specs where a day runs a part of them. */
  readonly variants: boolean;
  /** The number of arguments drawn for each op and kernel in the comparisons. */
  readonly draws?: string;
  /** The number of random pipelines. */
  readonly pipelines?: string;
  /** The number of broken checkpoints and messages. */
  readonly hostile?: string;
  /** The number of public models. */
  readonly models?: string;
  /** The number of faults in runs of several processes. */
  readonly chaos?: string;
  /** The seconds that a microphone is listened to. */
  readonly microphone?: string;
  /** Every example of the documentation site. */
  readonly site: boolean;
  /** The number of frameworks, runtimes and browsers. */
  readonly platforms?: string;
}

/** The runs that options of `npm run test:long` name; none where there are no such options. */
export function longRuns(wanted: LongRuns): readonly Run[] {
  const {
    variants,
    draws,
    pipelines: pipelineCount,
    hostile: hostileCount,
    models,
    chaos: faults,
    microphone,
    site,
  } = wanted;
  return [
    ...(variants ? suiteRuns.filter(({ days }) => days !== undefined) : []),
    ...(draws === undefined ? [] : [...comparisons(draws), ...fourWays(draws)]),
    ...(pipelineCount === undefined ? [] : pipelines(pipelineCount)),
    ...(hostileCount === undefined ? [] : hostile(hostileCount)),
    ...(models === undefined ? [] : [modelsBeside(models)]),
    ...(faults === undefined ? [] : [chaos(faults)]),
    ...(microphone === undefined ? [] : [listening(microphone)]),
    ...(site ? [wholeSite] : []),
    ...(wanted.platforms === undefined ? [] : [onPlatforms(wanted.platforms)]),
  ];
}

/** The runs of `npm test`. The first one runs alone. */
export function runsOfToday(): readonly Run[] {
  return [
    projectRun,
    // Early: it takes long, and nothing runs beside what is last.
    modelsBeside('3'),
    ...suiteRuns.map(partOfToday),
    ownOfWebGPU,
    ...comparisons(undefined),
    ...fourWays(undefined),
    ...pipelines(undefined),
    onPlatforms('1'),
  ];
}
