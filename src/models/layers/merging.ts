/** Layers of several inputs. */
import * as dl from '../../tensor';
import type { Tensor } from '../../tensor';
import { broadcastShape } from './extents';
import { kind, type Shape } from './kind';
import { shown } from './layer';
import { axes, flag, integer, or } from './setting';

/** @throws unless there are two inputs or more */
function several(inputs: readonly Shape[]): readonly Shape[] {
  if (inputs.length > 1) return inputs;
  throw new Error(`there is one input; wanted two or more`);
}

/* @__NO_SIDE_EFFECTS__ */
const merging = (
  className: string,
  join: (a: Tensor, b: Tensor) => Tensor,
  most = Infinity,
  finish = (joined: Tensor, _count: number): Tensor => joined,
) =>
  kind({
    className,
    settings: {},
    shapes: (_, inputs) => {
      if (inputs.length > most) throw new Error(`there are ${inputs.length} inputs; wanted ${most}`);
      return [broadcastShape(several(inputs))];
    },
    run: ({ inputs }) =>
      finish(
        inputs.reduce((all, each) => join(all, each)),
        inputs.length,
      ),
  });

export const Add = merging('Add', dl.add);
export const Subtract = merging('Subtract', dl.sub, 2);
export const Multiply = merging('Multiply', dl.mul);
export const Average = merging('Average', dl.add, Infinity, dl.div);
export const Maximum = merging('Maximum', dl.maximum);
export const Minimum = merging('Minimum', dl.minimum);

export const Concatenate = kind({
  className: 'Concatenate',
  settings: { axis: or(integer, -1) },
  shapes: ({ axis }, inputs) => {
    const [first = []] = several(inputs);
    const along = axis < 0 ? first.length + axis : axis;
    const fits = inputs.every(
      (shape) =>
        shape.length === first.length &&
        shape.every(
          (extent, i) => i === along || extent === null || first[i] === null || extent === first[i],
        ),
    );
    if (!fits || !(along >= 0 && along < first.length))
      throw new Error(`the inputs are ${shown(inputs)}; wanted shapes that differ at axis ${axis} alone`);
    const joined = inputs.reduce<number | null>((sum, shape) => {
      const extent = shape[along]!;
      return sum === null || extent === null ? null : sum + extent;
    }, 0);
    return [first.map((extent, i) => (i === along ? joined : extent))];
  },
  run: ({ inputs, x, settings: { axis } }) => dl.concat([...inputs], axis < 0 ? x.rank + axis : axis),
});

export const Dot = kind({
  className: 'Dot',
  settings: { axes, normalize: or(flag, false) },
  shapes: ({ axes }, inputs) => {
    const [a, b] = inputs;
    if (inputs.length !== 2 || !a || !b || a.length < 2 || b.length < 2)
      throw new Error(`the inputs are ${shown(inputs)}; wanted two of rank 2 or more, with the batch`);
    const [i, j] = dotAxes(axes, a.length, b.length);
    const rest = [...a.filter((_, axis) => axis !== i), ...b.filter((_, axis) => axis !== j && axis !== 0)];
    return [rest.length === 1 ? [...rest, 1] : rest];
  },
  run: ({ inputs, settings: { axes, normalize } }) => {
    const [a, b] = inputs as readonly [Tensor, Tensor];
    const [i, j] = dotAxes(axes, a.rank, b.rank);
    const unit = (x: Tensor, axis: number): Tensor =>
      normalize ? dl.div(x, dl.maximum(dl.norm(x, 2, axis, true), 1e-12)) : x;
    // Rows by the axis that is summed over: [batch, rows, sum] · [batch, sum, columns].
    const rows = (x: Tensor, axis: number): Tensor => {
      const order = x.shape.map((_, k) => k).filter((k) => k !== axis);
      const turned = dl.transpose(unit(x, axis), [...order, axis]);
      return dl.reshape(turned, [x.shape[0]!, -1, x.shape[axis]!]);
    };
    const product = dl.matMul(rows(a, i), rows(b, j), false, true);
    const rest = [
      ...a.shape.filter((_, axis) => axis !== i),
      ...b.shape.filter((_, axis) => axis !== j && axis !== 0),
    ];
    return dl.reshape(product, rest.length === 1 ? [...rest, 1] : rest);
  },
});

function dotAxes(axes: readonly number[], rankA: number, rankB: number): readonly [number, number] {
  const [i, j = i] = axes as readonly [number, number?];
  const found = [i < 0 ? rankA + i : i, j < 0 ? rankB + j : j] as const;
  if (axes.length < 3 && found[0] > 0 && found[0] < rankA && found[1] > 0 && found[1] < rankB) return found;
  throw new Error(`'axes' is [${axes.join(', ')}]; wanted an axis of each input, behind the batch`);
}
