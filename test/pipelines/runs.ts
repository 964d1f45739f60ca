/** Runs a scenario through both interpreters. */
import { config, VirtualTimeScheduler } from 'rxjs';
import { observeDevice } from '../../src/tensor/device-observers';
import { living } from '../../src/tensor/tensor-count';
import { watchLeaks } from '../../src/testing/leaks';
import { passTime } from '../../src/testing/virtual-time';
import type { Scenario } from './description';
import { listen, type Seen } from './listening';
import { plainStream } from './plain-interpreter';
import { slowReads } from './slow-reads';
import { tensorStream } from './tensor-interpreter';
import { HotSources } from './timed-sources';
import { Timing } from './timing';
import { LiveWindow } from './window';

/** A scenario in which more values than this go from step to step is too long to be worth it. */
const MOST_VALUES = 1_500;

export interface PlainRun {
  readonly seen: readonly Seen[];
  /** How many tensors the operators hold at most, between emissions. */
  readonly heldTensors: number;
  /** How many of those may be in one value. */
  readonly gatheredTensors: number;
}

/** Runs a scenario with numbers; null where it is too long. */
export async function runPlain(scenario: Scenario): Promise<PlainRun | null> {
  const scheduler = new VirtualTimeScheduler();
  const timing = new Timing(scenario);
  const window = new LiveWindow();
  let values = 0;
  const world = { scheduler, timing, window, hot: new HotSources(scenario, timing, scheduler) };
  const stream = plainStream(scenario.pipeline, world, () => ++values <= MOST_VALUES);
  const seen = listen(stream, scenario, timing, scheduler, (x) => x);
  await passTime('numbers', scheduler);
  return values > MOST_VALUES
    ? null
    : { seen, heldTensors: window.peak, gatheredTensors: window.peakGathered };
}

export interface TensorRun {
  readonly seen: readonly Seen[];
  /** How many tensors were alive at most between emissions, and at all. */
  readonly heldTensors: number;
  readonly peakTensors: number;
  readonly leaks: readonly string[];
  /** Tensors that died before their emissions ended. */
  readonly freedEarly: readonly string[];
  /** Errors that nobody was there to hear. */
  readonly unhandled: readonly string[];
}

/** Runs a scenario with tensors. */
export async function runTensors(scenario: Scenario): Promise<TensorRun> {
  const scheduler = new VirtualTimeScheduler();
  const timing = new Timing(scenario);
  const lasting: { dispose(): void }[] = [];
  const unhandled: string[] = [];
  const freedEarly: string[] = [];
  const beforeUnhandled = config.onUnhandledError;
  config.onUnhandledError = (error: unknown) => unhandled.push(String(error));
  const restoreDevice = slowReads(scheduler);
  const watch = watchLeaks();
  let heldTensors = 0;
  let peakTensors = 0;
  try {
    const world = {
      scheduler,
      timing,
      hot: new HotSources(scenario, timing, scheduler),
      lasting: <T extends { dispose(): void }>(made: T): T => {
        lasting.push(made);
        return made;
      },
    };
    const stream = tensorStream(scenario.pipeline, world, (what) => freedEarly.push(what));
    const seen = listen(stream, scenario, timing, scheduler, (x) => x.dataSync()[0]!);
    const start = living.tensors;
    const stopObserving = observeDevice({
      kernel: () => {
        peakTensors = Math.max(peakTensors, living.tensors - start);
      },
    });
    const afterEach = (): void => {
      heldTensors = Math.max(heldTensors, living.tensors - start);
    };
    await passTime('tensors', scheduler, { afterEach });
    stopObserving();
    for (const each of lasting) each.dispose();
    return { seen, heldTensors, peakTensors, leaks: watch.leaks(), freedEarly, unhandled };
  } finally {
    watch.stop();
    restoreDevice();
    config.onUnhandledError = beforeUnhandled;
  }
}
