import type { Backend } from './backend';

/** A backend; or, where this machine does not support it, why, or null where there is nothing to say. */
export type Opened = Backend | string | null;

export function isBackend(opened: Opened | undefined): opened is Backend {
  return typeof opened === 'object' && opened !== null;
}

/** Why a backend is not the default. */
export function whyNot(opened: Opened): string {
  if (!isBackend(opened)) return opened ?? 'this machine has none';
  return `${opened.device?.caveat} (setBackend('${opened.name}') takes it)`;
}

/** Which backend is in use, and why. */
export interface BackendReport {
  /** The name of the backend in use. */
  readonly backend: string;
  /** Why it is in use, in a sentence. */
  readonly reason: string;
  /** The device: on WebGL the name of the renderer, on the CPU the kind of its kernels; '' where it is not known. */
  readonly device: string;
  /** The bits in which the device keeps a float: 32; 16 on WebGL where only half floats can be rendered to. */
  readonly floatPrecision: 16 | 32;
  /** The backends that this machine was found not to support, by name, and why. */
  readonly unsupported: Readonly<Record<string, string>>;
}
