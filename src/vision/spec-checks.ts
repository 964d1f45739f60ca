/** Checks of specs, which are plain data of the caller's. */
import { isIntegerFrom, wrongArgument } from '../tensor/argument';
import { assertOptionValues, isOneOf, type OptionRules } from '../tensor/options';
import { assertGiven, sizeRule } from './arguments';
import type { ClassifierSpec, LandmarkerSpec, SegmenterSpec, VisionInput } from './spec';

/** Rules of the properties of specs. */
export const outputRule = [
  (value: unknown): boolean => typeof value === 'string' && value !== '',
  'the name of an output of the model',
] as const;

export const outputsRule = [
  (value: unknown): boolean =>
    Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string'),
  'a list of names of outputs of the model',
] as const;

export const numberRule = [
  (value: unknown): boolean => typeof value === 'number' && !Number.isNaN(value),
  'a number',
] as const;

/** Whoever uses the options checks what is in them. */
export const objectRule = [
  (value: unknown): boolean => typeof value === 'object' && value !== null,
  'an object of options',
] as const;

const inputRules: OptionRules<VisionInput> = {
  size: sizeRule,
  // `normalize` knows which there are.
  range: [() => true, ''],
  dtype: isOneOf(['float32', 'int32']),
  isChannelsFirst: isOneOf([true, false]),
};

/** What is known of the specs of a kind. */
export interface SpecForm<S extends object> {
  readonly rules: OptionRules<S>;
  /** The properties that no spec of that kind leaves out. */
  readonly needed: readonly (keyof S & string)[];
  /** A spec of that kind, for messages. */
  readonly example: string;
}

/** @throws unless it is a spec of that form: with all that is needed, and with nothing that is not known */
export function assertSpec<S extends { readonly input: VisionInput }>(
  name: string,
  spec: S,
  { rules, needed, example }: SpecForm<S>,
): void {
  if (typeof spec !== 'object' || (spec as S | null) === null)
    throw wrongArgument(name, 'spec', spec, `a spec with ${needed.join(', ')}, as ${example}`);
  const what = `${name}: argument 'spec', as ${example}`;
  assertGiven(what, spec, needed);
  assertOptionValues<S>(what, spec, rules);
  const input = `${name}: 'input' of the spec`;
  assertGiven(input, spec.input, ['size', 'range']);
  assertOptionValues<VisionInput>(input, spec.input, inputRules);
}

export const classifierForm: SpecForm<ClassifierSpec> = {
  rules: {
    input: objectRule,
    output: outputRule,
    labels: [
      (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string'),
      'a list of names',
    ],
    decoding: objectRule,
  },
  needed: ['input', 'output', 'labels'],
  example: 'specs.nsfw',
};

export const segmenterForm: SpecForm<SegmenterSpec> = {
  rules: { input: objectRule, output: outputRule, decoding: objectRule },
  needed: ['input', 'output', 'decoding'],
  example: 'specs.selfie',
};

export const landmarkerForm: SpecForm<LandmarkerSpec> = {
  rules: {
    input: objectRule,
    points: outputRule,
    decoding: objectRule,
    count: [(value: unknown): boolean => isIntegerFrom(value, 1), 'a positive integer'],
    score: outputRule,
    scoreActivation: isOneOf(['none', 'sigmoid']),
    fromDetection: objectRule,
    fromLandmarks: objectRule,
  },
  needed: ['input', 'points', 'decoding'],
  example: 'specs.facemesh',
};
