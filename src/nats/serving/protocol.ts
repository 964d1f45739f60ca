/**
 * What `serveModel` and `remoteModel` agree on. Discovery follows the service protocol of NATS (ADR-32,
 * https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-32.md), so that its tools see the instances.
 */
import { wrongArgument } from '../../tensor/argument';

/** The headers of requests and replies. Those of errors are the protocol's. */
export const serviceHeader = {
  errorCode: 'Nats-Service-Error-Code',
  error: 'Nats-Service-Error',
  /** The name of a request, by which it can be called off. */
  request: 'Rxtensor-Request',
  /** How many ms the one who asks will wait. */
  patience: 'Rxtensor-Patience',
} as const;

/** Codes of errors, with HTTP's meanings. */
export const code = { wrongRequest: 400, overloaded: 429, model: 500, absent: 503, late: 504 } as const;

/** The versions of the official library: three numbers, and what semver.org allows behind them. */
const VERSION = /^\d+\.\d+\.\d+(-[\dA-Za-z.-]+)?(\+[\dA-Za-z.-]+)?$/;

export const isVersion = (value: unknown): value is string =>
  typeof value === 'string' && VERSION.test(value);
export const wantedVersion = "a version, as '1.0.0'";

/** @throws unless it is a version */
export function assertVersion(caller: string, version: unknown): asserts version is string {
  if (!isVersion(version)) throw wrongArgument(caller, 'version', version, wantedVersion);
}

/** The subject of requests to any version, or to one. Points part the words of a subject, and no version has a `_`. */
export const requestSubject = (name: string, version?: string): string =>
  version === undefined ? `${name}.predict` : `${name}.${version.replaceAll('.', '_')}.predict`;

/** The subject on which requests are called off, by their names. */
export const cancelSubject = (name: string): string => `${name}.cancel`;

/** The subject that tells whether an instance is well. */
export const healthSubject = (name: string): string => `${name}.health`;

/** All instances share requests as this group. */
export const QUEUE = 'q';
