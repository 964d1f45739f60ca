import { assertOneOf, wrongArgument } from './argument';
import { isBackendOpen } from '../kernels';
import type { SimdLevel } from '../kernels/cpu';
import { disableDebugMode, enableDebugMode, isDebugMode } from './debug';

/** The settings ("switches") of the library by name, and their types. */
export interface Flags {
  /** Whether debug mode is on; see {@link enableDebugMode}. */
  DEBUG: boolean;
  /** The greatest width and height of a texture, in texels, besides the device's own limit; Infinity by default. */
  WEBGL_MAX_TEXTURE_SIZE: number;
  /**
   * The most bytes of free textures that the WebGL backend keeps to use them again. 'auto' (the default) follows the device: an eighth of
   * the machine's memory (512 MiB where the browser hides it), a quarter of that on phones and small GPUs.
   */
  WEBGL_POOL_BYTES: number | 'auto';
  /**
   * The kernels of the CPU backend: 'auto' (the default): the fastest that the engine supports; 'simd' or 'relaxed': WebAssembly SIMD of
   * that level; 'none': plain TypeScript.
   */
  CPU_SIMD: SimdLevel;
  /** Whether the program runs in a page or in a worker of a page. Cannot be set. */
  IS_BROWSER: boolean;
  /** Whether the program runs in Node. Cannot be set. */
  IS_NODE: boolean;
}

interface Switch<T> {
  readonly get: () => T;
  /** Missing if the switch cannot be set. */
  readonly set?: (value: T) => void;
  readonly wanted: string;
  readonly accepts: (value: unknown) => boolean;
}

const levels: readonly unknown[] = ['auto', 'relaxed', 'simd', 'none'] satisfies SimdLevel[];
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

/** Options that a backend reads when it is opened. */
const options: Pick<Flags, 'WEBGL_MAX_TEXTURE_SIZE' | 'WEBGL_POOL_BYTES' | 'CPU_SIMD'> = {
  WEBGL_MAX_TEXTURE_SIZE: Infinity,
  WEBGL_POOL_BYTES: 'auto',
  CPU_SIMD: 'auto',
};

/** A switch that a backend reads once, when it is opened. It cannot be set after that. */
function optionOf<K extends keyof typeof options>(
  backend: string,
  name: K,
  wanted: string,
  accepts: (value: unknown) => boolean,
): Switch<(typeof options)[K]> {
  return {
    get: () => options[name],
    set: (value) => {
      if (isBackendOpen(backend)) {
        throw new Error(
          `env().set: argument 'name' is '${name}', which is read when the backend '${backend}' is first used, and it has been used already; ` +
            `wanted it set before the first tensor`,
        );
      }
      options[name] = value;
    },
    wanted,
    accepts,
  };
}

const switches: { readonly [K in keyof Flags]: Switch<Flags[K]> } = {
  DEBUG: {
    get: isDebugMode,
    set: (on) => {
      if (on) enableDebugMode();
      else disableDebugMode();
    },
    wanted: 'a boolean',
    accepts: isBoolean,
  },
  WEBGL_MAX_TEXTURE_SIZE: optionOf(
    'webgl',
    'WEBGL_MAX_TEXTURE_SIZE',
    'a number of at least 1',
    (value) => typeof value === 'number' && value >= 1,
  ),
  WEBGL_POOL_BYTES: optionOf(
    'webgl',
    'WEBGL_POOL_BYTES',
    "a number of at least 0, or 'auto'",
    (value) => value === 'auto' || (typeof value === 'number' && value >= 0),
  ),
  CPU_SIMD: optionOf('cpu', 'CPU_SIMD', `one of ${levels.join(', ')}`, (value) => levels.includes(value)),
  IS_BROWSER: {
    get: () => typeof navigator === 'object' && !switches.IS_NODE.get(),
    wanted: 'a boolean',
    accepts: isBoolean,
  },
  IS_NODE: {
    get: () =>
      (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !== undefined,
    wanted: 'a boolean',
    accepts: isBoolean,
  },
};

/** Reads and sets the switches of the library. */
export interface Environment {
  /** The value of a switch. @throws for an unknown name */
  get<K extends keyof Flags>(name: K): Flags[K];
  /** The value of a boolean switch. @throws for any other name */
  getBool(name: { [K in keyof Flags]: Flags[K] extends boolean ? K : never }[keyof Flags]): boolean;
  /** The value of a numeric switch. @throws for any other name */
  getNumber(name: { [K in keyof Flags]: Flags[K] extends number ? K : never }[keyof Flags]): number;
  /**
   * Sets a switch.
   *
   * @throws for an unknown name, for a switch that cannot be set (or no longer can), and for a value that the switch does not accept
   */
  set<K extends keyof Flags>(name: K, value: Flags[K]): void;
}

function switchOf<K extends keyof Flags>(
  method: string,
  name: K,
  names = Object.keys(switches),
): Switch<Flags[K]> {
  assertOneOf(`env().${method}`, 'name', name, names);
  return switches[name];
}

/** The names of the switches whose values have the type `type` (of `typeof`). */
function namesOf(type: string): string[] {
  return Object.entries(switches).flatMap(([name, { get }]) => (typeof get() === type ? [name] : []));
}

const environment: Environment = {
  get: (name) => switchOf('get', name).get(),
  getBool: (name) => switchOf('getBool', name, namesOf('boolean')).get(),
  getNumber: (name) => switchOf('getNumber', name, namesOf('number')).get(),
  set: (name, value) => {
    const { set, accepts, wanted } = switchOf('set', name);
    if (!set) {
      throw new Error(`env().set: argument 'name' is '${name}', which cannot be set; wanted another switch`);
    }
    if (!accepts(value)) throw wrongArgument('env().set', 'value', value, `${wanted}, for '${name}'`);
    set(value);
  },
};

/**
 * Gives access to the switches of the library.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.env().set('WEBGL_MAX_TEXTURE_SIZE', 4096); // before the first tensor
 * console.log(dl.env().get('DEBUG')); // false
 * ```
 */
export function env(): Environment {
  return environment;
}
