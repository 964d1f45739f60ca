import { defer, type OperatorFunction } from 'rxjs';
import { assertModel, withOutputs, type GivenModel } from '../../models/given-model';
import { mapTensorAsync } from '../../streams/operators/map-tensor-async';
import { tensor } from '../../tensor/ops/creation';
import { expandDims } from '../../tensor/ops/reshape';
import { formatShape } from '../../tensor/shape';
import { isIntegerFrom } from '../../tensor/argument';
import type { OptionRules } from '../../tensor/options';
import { dispose, tidy } from '../../tensor/scope';
import type { Tensor } from '../../tensor/tensor';
import { specs, type VoiceSpec } from '../models/specs';
import { checked } from '../signal/options';
import { assertMono } from './assert-mono';
import { framed } from './framed';

/** Options of {@link voiceActivity}. */
export interface VoiceActivityOptions {
  /** What the model takes and gives; `specs.silero` when left out. */
  readonly spec?: VoiceSpec;
}

const isName = (value: unknown): boolean => typeof value === 'string';
/** What a spec must have for frames to follow each other. */
const isVoiceSpec = (spec: Partial<VoiceSpec> | null): boolean =>
  isIntegerFrom(spec?.frame, 1) &&
  isIntegerFrom(spec.context, 0) &&
  Number.isFinite(spec.sampleRate) &&
  spec.sampleRate! > 0 &&
  isName(spec.input) &&
  isName(spec.output) &&
  Array.isArray(spec.states) &&
  (spec.states as Partial<VoiceSpec['states'][number]>[]).every(
    ({ input, output, shape }) => isName(input) && isName(output) && Array.isArray(shape),
  );
const rules: OptionRules<VoiceActivityOptions> = {
  spec: [
    (value) => isVoiceSpec(value as Partial<VoiceSpec> | null),
    'one of specs, as specs.silero, or one like it',
  ],
};

/**
 * How likely somebody speaks: a number from 0 to 1 for each frame of the model, of 32 ms for Silero's. The state of the model goes from frame to frame, so frames wait for
 * each other, and so does the source. Behind it, `decisions` makes a beginning and an end of the numbers.
 *
 * ```text
 *  chunks of samples       --a----b----c----d--|
 *  voiceActivity(model)    ---0.1--0.2--0.9---0.9|
 * ```
 *
 * @param model a model of `rxtensor/models`, which stays yours
 * @param options what the model takes and gives; chunks are [samples] of the spec's `sampleRate` (16,000 a second), from −1 to 1
 * @returns numbers with the time of their frame; each subscription begins with a silent state
 * @throws when the model is none or an option is wrong; as error notifications, for a chunk of another shape, and what the model rejects with
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { voiceActivity, type VoiceActivityOptions } from 'rxtensor/sound';
 * // In place of Silero's model: a loud frame is speech. What it has heard is its state.
 * type Model = Parameters<typeof voiceActivity>[0];
 * const model: Model = {
 *   executeAsync: ((inputs: { input: dl.Tensor; state: dl.Tensor }) =>
 *     Promise.resolve([inputs.input.abs().max(), inputs.state.add(1)])) as unknown as Model['executeAsync'],
 * };
 * const spec: VoiceActivityOptions['spec'] = {
 *   sampleRate: 16000, frame: 4, context: 0, input: 'input', output: 'speech',
 *   states: [{ input: 'state', output: 'state', shape: [1] }],
 * };
 * dl.examples([[0, 0, 0.5, 0], [0, -1, 0, 0.25]])
 *   .pipe(dl.mapTensor((chunk) => dl.tensor1d(chunk as number[])), voiceActivity(model, { spec }))
 *   .subscribe((probability) => console.log(probability)); // 0.5, 1
 * ```
 */
export function voiceActivity(
  model: GivenModel,
  options?: VoiceActivityOptions,
): OperatorFunction<Tensor, number> {
  const name = 'voiceActivity';
  assertModel(name, model);
  const { spec = specs.silero } = checked(name, options, rules);
  const { frame, context, sampleRate } = spec;
  return (source) =>
    defer(() => {
      /** The frames that the model looks at: which of them begin anew. */
      const begun: boolean[] = [];
      const listen = listening(name, model, spec);
      return source.pipe(
        framed(
          name,
          { frame: context + frame, hop: frame, sampleRate, lead: context, timedBy: context },
          (x, { index }) => {
            begun.push(index === 0);
            return assertMono(name, x);
          },
        ),
        mapTensorAsync((x) => listen(x, begun.shift()!)),
      );
    });
}

/** A function of one frame after the other, which carries the model's state. The state waits on the host, where nothing has to free it. */
function listening(
  name: string,
  model: GivenModel,
  spec: VoiceSpec,
): (frame: Tensor, begins: boolean) => Promise<number> {
  const { input, states, rate, output, sampleRate } = spec;
  const silent: readonly (Float32Array | null)[] = states.map(() => null);
  let carried = silent;
  return async (frame, begins) => {
    if (begins) carried = silent;
    const inputs = tidy(() => ({
      [input]: expandDims(frame, 0),
      ...Object.fromEntries(
        states.map(({ input: state, shape }, i) => [
          state,
          tensor(carried[i] ?? new Float32Array(sizeOf(shape)), [...shape]),
        ]),
      ),
      ...(rate === undefined ? {} : { [rate]: tensor(sampleRate, [], 'int32') }),
    }));
    try {
      const names = [output, ...states.map((state) => state.output)];
      return await withOutputs(model, inputs, names, async (outputs) => {
        assertAnswer(name, spec, outputs);
        const [probability, ...next] = await Promise.all(outputs.map((each) => each.data()));
        carried = next as Float32Array[];
        return probability![0]!;
      });
    } finally {
      dispose(inputs);
    }
  };
}

/** @throws unless the model gives one number, and states as they were */
function assertAnswer(name: string, { output, states }: VoiceSpec, outputs: readonly Tensor[]): void {
  const wanted = [{ output, size: 1 }, ...states.map((state) => ({ ...state, size: sizeOf(state.shape) }))];
  wanted.forEach((each, i) => {
    if (outputs[i]!.size !== each.size)
      throw new Error(
        `${name}: output '${each.output}' of the model has shape ${formatShape(outputs[i]!.shape)}; wanted ${each.size === 1 ? 'one number' : `${each.size} numbers`}, as the 'spec' says`,
      );
  });
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
