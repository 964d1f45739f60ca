import { assertOneOf, wrongArgument } from './argument';
import { isBackendOpen } from '../kernels';
import type { SimdLevel } from '../kernels/cpu';
import { disableDebugMode, enableDebugMode, isDebugMode } from './debug';

/** Everything that can be switched, and what is there to be asked. */
export interface Flags {
  /** Whether debug mode is on; see {@link enableDebugMode}. */
  DEBUG: boolean;
  /** No texture is longer than this on either side; the device may set a lower bound. Infinity: the device alone does. */
  WEBGL_MAX_TEXTURE_SIZE: number;
  /** Which kernels the CPU backend has: the fastest that the engine accepts ('auto'), those of one level, or plain ones ('none'). */
  CPU_SIMD: SimdLevel;
  /** Whether this is a page or a worker of one. Cannot be set. */
  IS_BROWSER: boolean;
  /** Whether this is Node. Cannot be set. */
  IS_NODE: boolean;
}

interface Switch<T> {
  readonly get: () => T;
  /** Missing: it cannot be set. */
  readonly set?: (value: T) => void;
  readonly wanted: string;
  readonly accepts: (value: unknown) => boolean;
}

const levels: readonly unknown[] = ['auto', 'relaxed', 'simd', 'none'] satisfies SimdLevel[];
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

/** What a backend is opened with. */
const options: Pick<Flags, 'WEBGL_MAX_TEXTURE_SIZE' | 'CPU_SIMD'> = {
  WEBGL_MAX_TEXTURE_SIZE: Infinity,
  CPU_SIMD: 'auto',
};

/** A switch that a backend reads as it is opened, and never again. */
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
          `env().set: argument 'name' is '${name}', which is read when the backend '${backend}' is first used, and that was before; ` +
            `wanted it set at the beginning of the program`,
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

/** Reads and changes the switches. */
export interface Environment {
  get<K extends keyof Flags>(name: K): Flags[K];
  getBool(name: { [K in keyof Flags]: Flags[K] extends boolean ? K : never }[keyof Flags]): boolean;
  getNumber(name: { [K in keyof Flags]: Flags[K] extends number ? K : never }[keyof Flags]): number;
  /** @throws for a switch that is none, cannot be set, or not any more, and a value that is not one of its */
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

/** The names of the switches whose values are of a type. */
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
      throw new Error(
        `env().set: argument 'name' is '${name}', which cannot be set: it tells what is there; wanted another switch`,
      );
    }
    if (!accepts(value)) throw wrongArgument('env().set', 'value', value, `${wanted}, for '${name}'`);
    set(value);
  },
};

/**
 * The switches of the library.
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
