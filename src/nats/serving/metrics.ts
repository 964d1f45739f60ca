/** The statistics of served models for Prometheus and OpenTelemetry. Their libraries are the program's: it hands them in. */
import { wrongArgument } from '../../tensor/argument';
import type { ServedModel } from './serve-model';
import type { ServiceStatistics } from './statistics';

interface Metric {
  readonly name: string;
  readonly help: string;
  /** Counters never fall. */
  readonly kind: 'counter' | 'gauge';
  readonly value: (statistics: ServiceStatistics, served: ServedModel) => number;
}

const helps: Readonly<Record<Exclude<keyof ServiceStatistics, 'lastError'>, string>> = {
  requests: 'Requests that were answered',
  errors: 'Requests that were answered with an error',
  refused: 'Requests that were not taken',
  cancelled: 'Requests that were called off',
  batches: 'Calls of the model',
  seconds: 'Seconds from request to answer, all together',
  modelSeconds: 'Seconds that the model ran',
  waiting: 'Requests that wait',
};

const metrics: readonly Metric[] = [
  ...Object.entries(helps).map(([key, help]): Metric => ({
    name: key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    help,
    kind: key === 'waiting' ? 'gauge' : 'counter',
    value: (statistics) => statistics[key as keyof typeof helps],
  })),
  {
    name: 'healthy',
    help: '1 if the model is well',
    kind: 'gauge',
    value: (_, served) => Number(served.isHealthy()),
  },
];

const PREFIX = 'rxtensor_serving_';
const labelNames = ['service', 'version', 'instance'] as const;
type Labels = Record<(typeof labelNames)[number], string>;

const labelsOf = ({ name, version, id }: ServedModel): Labels => ({ service: name, version, instance: id });

/** The part of `prom-client` that {@link prometheusMetrics} uses. */
export interface PrometheusClient {
  /** The class of counters. */
  readonly Counter: new (options: PrometheusOptions) => unknown;
  /** The class of gauges. */
  readonly Gauge: new (options: PrometheusOptions) => unknown;
}

interface PrometheusMetric {
  readonly reset: () => void;
  readonly inc: (labels: Labels, value: number) => void;
}

interface PrometheusOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
  readonly registers?: never[];
  collect(this: PrometheusMetric): void;
}

/** @throws unless all are served models */
function assertServed(caller: string, served: unknown): asserts served is readonly ServedModel[] {
  const fits =
    Array.isArray(served) &&
    served.every((each) => typeof (each as Partial<ServedModel> | null)?.statistics === 'function');
  if (!fits) throw wrongArgument(caller, 'served', served, 'a list of what serveModel() has given');
}

/**
 * Registers the statistics of served models with Prometheus: `rxtensor_serving_requests_total`, `…_errors_total`, `…_refused_total`, `…_cancelled_total`, `…_batches_total`, `…_seconds_total`,
 * `…_model_seconds_total`, `…_waiting` and `…_healthy`, with the labels `service`, `version` and `instance`. They are read when Prometheus asks.
 *
 * @param client the package `prom-client`
 * @param served the models; a list that grows later is followed
 * @param registers the registries; by default the client's own
 * @example
 * ```ts nats
 * import { connect } from '@nats-io/transport-node';
 * import * as prometheus from 'prom-client';
 * import * as dl from 'rxtensor';
 * import { prometheusMetrics, serveModel } from 'rxtensor/nats';
 *
 * const connection = await connect({ servers: process.env.NATS_URL });
 * const served = await serveModel(connection, 'squares', (x: dl.Tensor) => x.square());
 * prometheusMetrics(prometheus, [served]);
 * console.log(await prometheus.register.metrics()); // … rxtensor_serving_requests_total{service="squares",…} 0 …
 * await served.stop();
 * await connection.drain();
 * ```
 */
export function prometheusMetrics(
  client: PrometheusClient,
  served: readonly ServedModel[],
  registers?: readonly unknown[],
): void {
  const caller = 'prometheusMetrics';
  const { Counter, Gauge } = (client ?? {}) as Partial<PrometheusClient>;
  if (typeof Counter !== 'function' || typeof Gauge !== 'function')
    throw wrongArgument(caller, 'client', client, "the package 'prom-client'");
  assertServed(caller, served);
  for (const { name, help, kind, value } of metrics) {
    const options: PrometheusOptions = {
      name: PREFIX + name + (kind === 'counter' ? '_total' : ''),
      help,
      labelNames: [...labelNames],
      ...(registers ? { registers: [...registers] as never[] } : {}),
      collect() {
        this.reset();
        for (const each of served) this.inc(labelsOf(each), value(each.statistics(), each));
      },
    };
    // It registers itself.
    if (kind === 'counter') new Counter(options);
    else new Gauge(options);
  }
}

interface Observed {
  observe(value: number, attributes: Record<string, string>): void;
}

interface ObservableInstrument {
  addCallback(callback: (result: Observed) => void): void;
}

/** The part of a meter of OpenTelemetry that {@link openTelemetryMetrics} uses. */
export interface OpenTelemetryMeter {
  /** Makes a counter that is read when it is asked for. */
  createObservableCounter(name: string, options: { description: string }): ObservableInstrument;
  /** Makes a gauge that is read when it is asked for. */
  createObservableGauge(name: string, options: { description: string }): ObservableInstrument;
}

/**
 * Hands the statistics of served models to OpenTelemetry: the instruments `rxtensor_serving_requests`, … as {@link prometheusMetrics} names them (without `_total`), with the attributes
 * `service`, `version` and `instance`.
 *
 * @param meter a meter, as `metrics.getMeter('serving')` of `@opentelemetry/api` gives
 * @param served the models; a list that grows later is followed
 * @example
 * ```ts nats
 * import { connect } from '@nats-io/transport-node';
 * import { metrics } from '@opentelemetry/api';
 * import * as dl from 'rxtensor';
 * import { openTelemetryMetrics, serveModel } from 'rxtensor/nats';
 *
 * const connection = await connect({ servers: process.env.NATS_URL });
 * const served = await serveModel(connection, 'roots', (x: dl.Tensor) => x.sqrt());
 * openTelemetryMetrics(metrics.getMeter('serving'), [served]);
 * await served.stop();
 * await connection.drain();
 * ```
 */
export function openTelemetryMetrics(meter: OpenTelemetryMeter, served: readonly ServedModel[]): void {
  const caller = 'openTelemetryMetrics';
  if (typeof (meter as Partial<OpenTelemetryMeter> | null)?.createObservableCounter !== 'function')
    throw wrongArgument(
      caller,
      'meter',
      meter,
      "a meter, as metrics.getMeter() of '@opentelemetry/api' gives",
    );
  assertServed(caller, served);
  for (const { name, help, kind, value } of metrics) {
    const options = { description: help };
    const instrument =
      kind === 'counter'
        ? meter.createObservableCounter(PREFIX + name, options)
        : meter.createObservableGauge(PREFIX + name, options);
    instrument.addCallback((result) => {
      for (const each of served) result.observe(value(each.statistics(), each), labelsOf(each));
    });
  }
}
