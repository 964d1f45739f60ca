/** Checks of arguments that several functions of this room have. */
import { described, isIntegers, wrongArgument } from '../tensor/argument';
import { formatShape } from '../tensor/shape';
import { Tensor, type Tensor3D } from '../tensor/tensor';
import type { Region, Size } from './geometry';

/** @throws unless it is a picture as sources of pictures give it */
export function assertPicture(name: string, given: unknown): asserts given is Tensor3D {
  const wanted = 'a picture, a tensor [height, width, channels]';
  if (!(given instanceof Tensor)) throw wrongArgument(name, 'picture', given, wanted);
  const picture = given as Tensor3D;
  picture.assertUsable(name, 'picture');
  if (picture.shape.length !== 3 || picture.size === 0 || picture.dtype === 'bool')
    throw new Error(
      `${name}: argument 'picture' is ${picture.dtype} of shape ${formatShape(picture.shape)}; wanted ${wanted}, int32 from 0 to 255 or float32 from 0 to 1, with at least one pixel`,
    );
}

/** @throws unless it is [height, width] */
export function assertSize(name: string, argument: string, size: unknown): asserts size is Size {
  const [fits, wanted] = sizeRule;
  if (!fits(size)) throw wrongArgument(name, argument, size, wanted);
}

/** The rule of an option that is a size. */
export const sizeRule = [
  (value: unknown): boolean => isIntegers(value, 1, 2),
  '[height, width], positive integers',
] as const;

/** @throws unless each of these options is given */
export function assertGiven<O extends object>(
  name: string,
  options: O,
  needed: readonly (keyof O & string)[],
): void {
  const first = needed.find((each) => (options as Partial<O> | null | undefined)?.[each] === undefined);
  if (first !== undefined) throw new Error(`${name}: option '${first}' is missing`);
}

/** @throws unless it is a region with an area */
export function assertRegion(name: string, region: unknown): asserts region is Region {
  const { centerX, centerY, width, height, rotation = 0 } = (region ?? {}) as Partial<Region>;
  const isRegion =
    [centerX, centerY, width, height, rotation].every(Number.isFinite) && width! * height! !== 0;
  if (!isRegion || width! < 0 || height! < 0)
    throw new Error(
      `${name}: argument 'region' is ${described(region)}${typeof region === 'object' && region ? ` of center ${centerX}, ${centerY}, size ${width} × ${height} and rotation ${rotation}` : ''}; wanted { centerX, centerY, width, height, rotation }, finite, with a positive width and height`,
    );
}
