import * as dl from '../../tensor';
import type { Tensor } from '../../tensor';
import { detached } from '../../tensor/detached';
import { initialize, initializer, type Initializer } from './initializers';
import { kind, type Shape } from './kind';
import { axes, flag, number, or, type Setting } from './setting';

const ones = or(initializer, initialize('Ones'));
const zeros = or(initializer, initialize('Zeros'));

/** Axes counted from the front. @throws for one that is not there */
function axesOf(axis: readonly number[], rank: number): number[] {
  return axis.map((each) => {
    const found = each < 0 ? rank + each : each;
    if (found >= 0 && found < rank) return found;
    throw new Error(`'axis' is ${each}, of an input of rank ${rank}; wanted one of its axes`);
  });
}

/** One number for each place along the axes; 1 elsewhere. */
const rowShape = (shape: readonly number[], along: readonly number[]): number[] =>
  shape.map((extent, axis) => (along.includes(axis) ? extent : 1));

const parameter = (name: string, shape: readonly number[], initializer: Initializer, trainable = true) => ({
  name,
  shape,
  initializer,
  trainable,
});

const extentsAt = (input: Shape, axis: readonly number[]): number[] =>
  axesOf(axis, input.length).map((each) => input[each] ?? NaN);

/**
 * Ioffe & Szegedy 2015. In training, the statistics are those of the batch, and the moving ones follow them. A layer that is not trained uses the moving ones, as in
 * Keras.
 */
export const BatchNormalization = kind({
  className: 'BatchNormalization',
  settings: {
    axis: or(axes, [-1]),
    momentum: or(number, 0.99),
    epsilon: or(number, 1e-3),
    center: or(flag, true),
    scale: or(flag, true),
    betaInitializer: zeros,
    gammaInitializer: ones,
    movingMeanInitializer: zeros,
    movingVarianceInitializer: ones,
  },
  weights: (settings, [input]) => {
    const shape = extentsAt(input!, settings.axis);
    return [
      ...(settings.scale ? [parameter('gamma', shape, settings.gammaInitializer)] : []),
      ...(settings.center ? [parameter('beta', shape, settings.betaInitializer)] : []),
      parameter('moving_mean', shape, settings.movingMeanInitializer, false),
      parameter('moving_variance', shape, settings.movingVarianceInitializer, false),
    ];
  },
  run: ({ x, settings, weight, training, isTrainable, update }) => {
    const { axis, momentum, epsilon, center, scale } = settings;
    const along = axesOf(axis, x.rank);
    const isLast = along.length === 1 && along[0] === x.rank - 1;
    const row = (each: Tensor): Tensor => (isLast ? each : dl.reshape(each, rowShape(x.shape, along)));
    const offset = center ? row(weight('beta')) : null;
    const factor = scale ? row(weight('gamma')) : null;
    if (!training || !isTrainable)
      return dl.batchNorm(
        x,
        row(weight('moving_mean')),
        row(weight('moving_variance')),
        offset,
        factor,
        epsilon,
      );
    const others = x.shape.map((_, i) => i).filter((i) => !along.includes(i));
    const { mean, variance } = dl.moments(x, others);
    const follow = (name: string, now: Tensor): void => {
      // What follows is no part of the gradient.
      const seen = detached(now);
      const before = weight(name);
      update(name, dl.add(before, dl.mul(dl.sub(dl.reshape(seen, before.shape), before), 1 - momentum)));
      seen.dispose();
    };
    follow('moving_mean', mean);
    follow('moving_variance', variance);
    return dl.batchNorm(x, row(mean), row(variance), offset, factor, epsilon);
  },
});

/** Ba, Kiros & Hinton 2016. */
export const LayerNormalization = kind({
  className: 'LayerNormalization',
  settings: {
    axis: or(axes, [-1]),
    epsilon: or(number, 1e-3),
    center: or(flag, true),
    scale: or(flag, true),
    betaInitializer: zeros,
    gammaInitializer: ones,
  },
  weights: (settings, [input]) => {
    const shape = extentsAt(input!, settings.axis);
    return [
      ...(settings.scale ? [parameter('gamma', shape, settings.gammaInitializer)] : []),
      ...(settings.center ? [parameter('beta', shape, settings.betaInitializer)] : []),
    ];
  },
  run: ({ x, settings: { axis, epsilon, center, scale }, weight }) => {
    const along = axesOf(axis, x.rank);
    const { mean, variance } = dl.moments(x, along, true);
    const normal = dl.mul(dl.sub(x, mean), dl.rsqrt(dl.add(variance, epsilon)));
    const row = (name: string): Tensor => dl.reshape(weight(name), rowShape(x.shape, along));
    const scaled = scale ? dl.mul(normal, row('gamma')) : normal;
    return center ? dl.add(scaled, row('beta')) : scaled;
  },
});

/** Numbers to any depth, as Keras writes them; in one list. */
const numbers: Setting<number | readonly number[], readonly number[]> = {
  read: (given) => {
    const flat: unknown[] = Array.isArray(given) ? (given.flat(8) as unknown[]) : [given];
    return flat.every(Number.isFinite) ? (flat as number[]) : undefined;
  },
  wanted: 'numbers',
};

/** (x − mean) / √variance, with statistics that were computed before. */
export const Normalization = kind({
  className: 'Normalization',
  settings: {
    axis: or(axes, [-1]),
    mean: or(numbers, null),
    variance: or(numbers, null),
    invert: or(flag, false),
  },
  weights: ({ axis, mean, variance }, [input]) => {
    if (mean && variance) return [];
    const shape = extentsAt(input!, axis);
    return [
      parameter('mean', shape, initialize('Zeros'), false),
      parameter('variance', shape, initialize('Ones'), false),
      { ...parameter('count', [], initialize('Zeros'), false), dtype: 'int32' as const },
    ];
  },
  run: ({ x, settings, weight }) => {
    const row = (given: readonly number[] | null, name: string): Tensor => {
      const values = given ? dl.tensor1d([...given]) : weight(name);
      const along = axesOf(settings.axis, x.rank);
      return values.size === 1 ? dl.reshape(values, []) : dl.reshape(values, rowShape(x.shape, along));
    };
    const [mean, variance] = [row(settings.mean, 'mean'), row(settings.variance, 'variance')];
    const deviation = dl.maximum(dl.sqrt(variance), 1e-7);
    return settings.invert ? dl.add(dl.mul(x, deviation), mean) : dl.div(dl.sub(x, mean), deviation);
  },
});
