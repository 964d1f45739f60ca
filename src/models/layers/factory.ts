import { wrongArgument } from '../../tensor/argument';
import { isPlainObject } from '../../tensor/container';
import type { LayerKind, Shape } from './kind';
import { defaultName, Layer, type CommonOptions } from './layer';
import { assertKnown, readSettings, type Given, type Settings } from './setting';

/** The options of a layer; none are needed where all settings have defaults. */
export type LayerOptions<S extends Settings> =
  Record<never, never> extends Given<S>
    ? [options?: Given<S> & CommonOptions]
    : [options: Given<S> & CommonOptions];

/** Makes a layer. */
export type LayerFactory<S extends Settings> = (...[options]: LayerOptions<S>) => Layer;

/** The options that all layers take. */
export const commonNames: readonly string[] = ['name', 'trainable', 'inputShape'];

/** What all layers take, of a program's options. @throws when it does not fit */
export function commonOptions(where: string, given: object): CommonOptions {
  const { name, trainable, inputShape } = given as Partial<Record<keyof CommonOptions, unknown>>;
  if (name !== undefined && (typeof name !== 'string' || name === '' || name.includes('/')))
    throw wrongArgument(where, 'name', name, 'a name without slashes');
  if (trainable !== undefined && typeof trainable !== 'boolean')
    throw wrongArgument(where, 'trainable', trainable, 'true or false');
  return {
    name,
    trainable,
    inputShape: inputShape === undefined ? undefined : assertShape(where, 'inputShape', inputShape),
  };
}

/** @throws unless it is a list of extents, or null where they are not known */
export function assertShape(where: string, argument: string, given: unknown): Shape {
  const fits =
    Array.isArray(given) &&
    given.every((extent) => extent === null || (Number.isSafeInteger(extent) && (extent as number) >= 0));
  if (fits) return given as Shape;
  throw wrongArgument(where, argument, given, 'extents of one example, null where they vary');
}

/** The function that makes layers of a kind. It knows this kind, by which the table of all layers finds it. */
/* @__NO_SIDE_EFFECTS__ */
export function layerOf<S extends Settings>(kind: LayerKind<S>): LayerFactory<S> {
  const make = (...[options]: LayerOptions<S>): Layer => {
    const where = `layers.${defaultName(kind.className)}`;
    const given: unknown = options ?? {};
    if (!isPlainObject(given)) throw wrongArgument(where, 'options', given, 'an object of options');
    assertKnown(where, given, [...Object.keys(kind.settings), ...commonNames]);
    const settings = readSettings(where, kind.settings, given);
    return new Layer(kind as unknown as LayerKind, settings, commonOptions(where, given));
  };
  make.kind = kind;
  return make;
}
