/** `tf.env()`: our switches, and flags of any other name, which change nothing. */
import { env as ourEnv, type Flags } from '../tensor';

/** Flags by name. */
export interface Environment {
  /** The value of a flag; undefined for one that nobody has set. */
  readonly get: (name: string) => unknown;
  /** The value of a flag that is true or false. */
  readonly getBool: (name: string) => boolean;
  /** The value of a flag that is a number. */
  readonly getNumber: (name: string) => number;
  /** As `get`, as a promise. */
  readonly getAsync: (name: string) => Promise<unknown>;
  /** Sets a flag. */
  readonly set: (name: string, value: unknown) => void;
  /** Gives a flag its first value. */
  readonly registerFlag: (name: string, evaluate: () => unknown, onSet?: (value: unknown) => void) => void;
}

const ours: readonly string[] = ['DEBUG', 'IS_BROWSER', 'IS_NODE'] satisfies (keyof Flags)[];

/** What TensorFlow.js answers on a machine with WebGL 2. */
const flags = new Map<string, unknown>([
  ['PROD', false],
  ['HAS_WEBGL', true],
  ['WEBGL_VERSION', 2],
  ['WEBGL_RENDER_FLOAT32_CAPABLE', true],
  ['WEBGL_RENDER_FLOAT32_ENABLED', true],
  ['WEBGL_FORCE_F16_TEXTURES', false],
  ['WEBGL_PACK', true],
]);
const listeners = new Map<string, (value: unknown) => void>();

const get = (name: string): unknown =>
  ours.includes(name) ? ourEnv().get(name as keyof Flags) : flags.get(name);

const environment: Environment = {
  get,
  getBool: (name) => Boolean(get(name)),
  getNumber: (name) => Number(get(name)),
  getAsync: (name) => Promise.resolve(get(name)),
  set: (name, value) => {
    if (name === 'DEBUG') ourEnv().set(name, Boolean(value));
    else flags.set(name, value);
    listeners.get(name)?.(value);
  },
  registerFlag: (name, evaluate, onSet) => {
    flags.set(name, evaluate());
    if (onSet) listeners.set(name, onSet);
  },
};

/** The flags. Those that tune TensorFlow.js's own backends are kept and given back, and change nothing. */
export function env(): Environment {
  return environment;
}
