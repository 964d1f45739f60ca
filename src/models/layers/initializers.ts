/** How weights begin. Names and numbers are those of Keras. */
import { sizeOf } from '../../kernels';
import * as dl from '../../tensor';
import type { Tensor } from '../../tensor';
import { at, isObject, numberOf, type Json } from '../formats/json';
import type { Setting } from './setting';

/** An initializer by its class in Keras. */
export interface Initializer {
  readonly className: string;
  readonly config: Readonly<Record<string, number | string | null>>;
}

/** What programs give: a name as in Keras, or a name with its numbers. */
export type InitializerInput =
  string | ({ readonly name: string } & Readonly<Record<string, number | string | null>>);

type Shape = readonly number[];
type Config = Initializer['config'];

/** How many numbers each number of the next layer is a sum of, and the other way round. Windows count with all their elements. */
function fans(shape: Shape): readonly [fanIn: number, fanOut: number] {
  if (shape.length < 2) return [shape[0] ?? 1, shape[0] ?? 1];
  const window = sizeOf(shape.slice(0, -2));
  return [window * shape.at(-2)!, window * shape.at(-1)!];
}

/** The standard deviation of a normal distribution that is cut at two of its own. */
const TRUNCATED = 0.87962566103423978;

const num = (config: Config, key: string, otherwise: number): number => {
  const value = numberOf(config[key]);
  return Number.isNaN(value) ? otherwise : value;
};
const seedOf = (config: Config): number | undefined =>
  typeof config.seed === 'number' ? config.seed : undefined;

/** Glorot & Bengio 2010, He et al. 2015, LeCun et al. 1998: the variance is scale / fan. */
function scaled(shape: Shape, config: Config): Tensor {
  const [fanIn, fanOut] = fans(shape);
  const fan = { fan_in: fanIn, fan_out: fanOut, fan_avg: (fanIn + fanOut) / 2 }[String(config.mode)] ?? fanIn;
  const variance = num(config, 'scale', 1) / Math.max(1, fan);
  const extents = [...shape];
  if (config.distribution === 'uniform') {
    const limit = Math.sqrt(3 * variance);
    return dl.randomUniform(extents, -limit, limit, 'float32', seedOf(config));
  }
  return config.distribution === 'untruncated_normal'
    ? dl.randomNormal(extents, 0, Math.sqrt(variance), 'float32', seedOf(config))
    : dl.truncatedNormal(extents, 0, Math.sqrt(variance) / TRUNCATED, 'float32', seedOf(config));
}

/** Rows or columns that are orthogonal (Saxe, McClelland & Ganguli 2013). */
function orthogonal(shape: Shape, config: Config): Tensor {
  const columns = shape.at(-1) ?? 1;
  const rows = sizeOf(shape.slice(0, -1));
  const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
  const [q, r] = dl.linalg.qr(dl.randomNormal([long, short], 0, 1, 'float32', seedOf(config)));
  // The signs make the choice uniform.
  const diagonal = dl.sum(dl.mul(r, dl.eye(short)), 0);
  const signed = dl.mul(q, dl.sub(dl.mul(dl.cast(dl.greaterEqual(diagonal, 0), 'float32'), 2), 1));
  const turned = rows < columns ? dl.transpose(signed) : signed;
  return dl.mul(dl.reshape(turned, [...shape]), num(config, 'gain', 1));
}

/* @__NO_SIDE_EFFECTS__ */
const scaling = (scale: number, mode: string, distribution: string) => ({
  config: { seed: null },
  make: (shape: Shape, config: Config) => scaled(shape, { scale, mode, distribution, ...config }),
});

interface InitializerRow {
  readonly config: Config;
  readonly make: (shape: Shape, config: Config) => Tensor;
}

/** Keras's classes, with the defaults of their numbers. */
const rows: Readonly<Record<string, InitializerRow>> = {
  Zeros: { config: {}, make: (shape) => dl.zeros([...shape]) },
  Ones: { config: {}, make: (shape) => dl.ones([...shape]) },
  Constant: { config: { value: 0 }, make: (shape, config) => dl.fill([...shape], num(config, 'value', 0)) },
  RandomNormal: {
    config: { mean: 0, stddev: 0.05, seed: null },
    make: (shape, c) =>
      dl.randomNormal([...shape], num(c, 'mean', 0), num(c, 'stddev', 0.05), 'float32', seedOf(c)),
  },
  RandomUniform: {
    config: { minval: -0.05, maxval: 0.05, seed: null },
    make: (shape, c) =>
      dl.randomUniform([...shape], num(c, 'minval', -0.05), num(c, 'maxval', 0.05), 'float32', seedOf(c)),
  },
  TruncatedNormal: {
    config: { mean: 0, stddev: 0.05, seed: null },
    make: (shape, c) =>
      dl.truncatedNormal([...shape], num(c, 'mean', 0), num(c, 'stddev', 0.05), 'float32', seedOf(c)),
  },
  VarianceScaling: {
    config: { scale: 1, mode: 'fan_in', distribution: 'truncated_normal', seed: null },
    make: scaled,
  },
  GlorotUniform: scaling(1, 'fan_avg', 'uniform'),
  GlorotNormal: scaling(1, 'fan_avg', 'truncated_normal'),
  HeUniform: scaling(2, 'fan_in', 'uniform'),
  HeNormal: scaling(2, 'fan_in', 'truncated_normal'),
  LecunUniform: scaling(1, 'fan_in', 'uniform'),
  LecunNormal: scaling(1, 'fan_in', 'truncated_normal'),
  Orthogonal: { config: { gain: 1, seed: null }, make: orthogonal },
  // Of an LSTM's four gates, the second one begins open (Jozefowicz et al. 2015). Programs do not name it.
  ForgetBias: {
    config: {},
    make: ([size = 0]) => {
      const quarter = Math.floor(size / 4);
      return dl.concat([dl.zeros([quarter]), dl.ones([quarter]), dl.zeros([2 * quarter])]);
    },
  },
  Identity: {
    config: { gain: 1 },
    make: ([rows = 1, columns = rows], config) => dl.mul(dl.eye(rows, columns), num(config, 'gain', 1)),
  },
};

/** The class by its name in either spelling; Keras also knows `normal` and `uniform`. */
function classNamed(name: string): string | undefined {
  const plain = name.replaceAll('_', '').toLowerCase();
  const aliases: Readonly<Record<string, string>> = {
    normal: 'randomnormal',
    uniform: 'randomuniform',
    zero: 'zeros',
    one: 'ones',
    identityinitializer: 'identity',
    orthogonalinitializer: 'orthogonal',
  };
  const wanted = Object.hasOwn(aliases, plain) ? aliases[plain] : plain;
  return Object.keys(rows).find((each) => each.toLowerCase() === wanted);
}

function readInitializer(given: unknown): Initializer | undefined {
  const json = given as Json;
  const name = typeof given === 'string' ? given : (at(json, 'class_name') ?? at(json, 'name'));
  const className = typeof name === 'string' ? classNamed(name) : undefined;
  if (className === undefined) return undefined;
  const own = at(json, 'config') ?? json;
  const config = Object.entries(rows[className]!.config).map(([key, otherwise]) => {
    const value = isObject(own) ? (at(own, key) ?? otherwise) : otherwise;
    return [key, typeof value === 'number' || typeof value === 'string' ? value : otherwise] as const;
  });
  return { className, config: Object.fromEntries(config) };
}

/** An initializer, by name or with its numbers. */
export const initializer: Setting<InitializerInput, Initializer> = {
  read: readInitializer,
  get wanted() {
    const names = Object.keys(rows).map((name) => name.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase());
    return `the name of an initializer: ${names.join(', ')}`;
  },
  written: ({ className, config }) => ({ class_name: className, config }),
};

/** An initializer without numbers, for defaults. */
/* @__NO_SIDE_EFFECTS__ */
export const initialize = (name: string): Initializer => readInitializer(name)!;

/** The first values of a weight. */
export const initialValues = ({ className, config }: Initializer, shape: Shape): Tensor =>
  rows[className]!.make(shape, config);
