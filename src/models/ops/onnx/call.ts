/** What the rows of ONNX's ops share: optional inputs, axes, and settings that moved from attributes to inputs. */
import { sizeOf } from '../../../kernels';
import * as dl from '../../../tensor';
import type { Tensor } from '../../../tensor';
import { axisInLast, firstOrder, lastOrder } from '../../graph/channels-last';
import type { NodeCall } from '../row';

/** The input, unless it is left out. */
export function given({ x }: NodeCall, i: number): Tensor | undefined {
  const tensor = x[i];
  return tensor === undefined || (tensor.size === 0 && tensor.rank === 1) ? undefined : tensor;
}

/** The numbers of an input, which the row lists in `host`; none if it is left out. */
export function optionalNumbers({ x, numbers }: NodeCall, i: number): readonly number[] {
  return i < x.length ? numbers(i) : [];
}

/** Numbers that are an attribute in older versions of an op, and an input in newer ones. */
export function setting(call: NodeCall, name: string, input: number): readonly number[] {
  const numbers = call.attributes.numbers(name);
  return numbers.length > 0 ? numbers : optionalNumbers(call, input);
}

/** An axis from 0. @throws when x has no such axis */
export function axisFrom(axis: number, rank: number): number {
  const from = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(from) && from >= 0 && from < Math.max(rank, 1)) return from;
  throw new Error(`the axis is ${axis}; wanted one of ${rank}`);
}

/** Where an axis of the file is in a tensor that may have its channels last. */
export function placeOf({ attributes }: NodeCall, axis: number, rank: number): number {
  const from = axisFrom(axis, rank);
  return attributes.flag('channels_last') ? axisInLast(from, rank) : from;
}

/** The shape as the file counts the axes. */
export function shapeInFile({ attributes, x }: NodeCall): number[] {
  const { shape, rank } = x[0]!;
  const order = attributes.flag('channels_last') ? firstOrder(rank) : shape.map((_, axis) => axis);
  return order.map((axis) => shape[axis]!);
}

export const opsetOf = ({ attributes }: NodeCall): number => attributes.number('opset', 1);

const move = (x: Tensor, order: readonly number[]): Tensor => {
  const shape = order.map((axis) => x.shape[axis]!);
  const long = (axes: readonly number[]): number[] => axes.filter((axis) => x.shape[axis]! > 1);
  // If the axes that are longer than 1 stay in order, nothing moves.
  const isView = long(order).every((axis, i, all) => i === 0 || all[i - 1]! < axis);
  return isView ? dl.reshape(x, shape) : dl.transpose(x, [...order]);
};

export const toChannelsLast = (x: Tensor): Tensor => move(x, lastOrder(x.rank));
export const toChannelsFirst = (x: Tensor): Tensor => move(x, firstOrder(x.rank));

/** The same values with so many axes: those that are missing are put in front, with extent 1. */
export function withRank(x: Tensor, rank: number): Tensor {
  return x.rank >= rank ? x : dl.reshape(x, [...new Array<number>(rank - x.rank).fill(1), ...x.shape]);
}

/** Runs a function along the last axis on another one, or on several as if they were one. */
export function alongLast(x: Tensor, axes: readonly number[], f: (x: Tensor) => Tensor): Tensor {
  const others = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const order = [...others, ...axes];
  const moved = dl.transpose(x, order);
  const extents = others.map((axis) => x.shape[axis]!);
  const result = f(dl.reshape(moved, [...extents, sizeOf(axes.map((axis) => x.shape[axis]!))]));
  const back = order.map((_, axis) => order.indexOf(axis));
  return dl.transpose(dl.reshape(result, moved.shape), back);
}
