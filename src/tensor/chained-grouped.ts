/** The methods for the ops in groups (image, linalg, losses), and for a few rare ops. */
import type { GroupedMethods } from './chained-grouped-methods';
import { broadcastArgs } from './ops/host';
import { meshgrid } from './ops/broadcasting';
import * as image from './ops/image';
import * as linalg from './ops/linalg';
import * as losses from './ops/losses';
import { toPixels } from './ops/pixels';
import { basicLSTMCell } from './ops/recurrent';
import type { Rank } from './rank';
import type { Tensor, Tensor2D } from './tensor';
import { variable } from './variable';

const { Reduction: _, ...lossFunctions } = losses;

/** Each method as a function of the tensor and the method's arguments. With it the compiler checks the forms against the types. */
type Forms<Methods> = {
  readonly [Name in keyof Methods]: Methods[Name] extends (...rest: infer Rest) => infer Result
    ? (x: Tensor, ...rest: Rest) => Result
    : never;
};

export const groupedForms = {
  ...image,
  ...linalg,
  ...lossFunctions,
  gramSchmidt: (x: Tensor): Tensor2D => linalg.gramSchmidt(x as Tensor2D),
  toPixels: (x: Tensor, canvas?: HTMLCanvasElement | OffscreenCanvas): ReturnType<typeof toPixels> =>
    toPixels(x as Tensor2D, canvas),
  ...{ broadcastArgs, meshgrid, basicLSTMCell, variable },
} satisfies Forms<GroupedMethods<Rank>>;
