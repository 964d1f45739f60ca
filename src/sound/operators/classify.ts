import { defer, type OperatorFunction } from 'rxjs';
import { isModel, type GivenModel } from '../../models/given-model';
import { softmaxOf, topLabels, type Labelled } from '../../streams/data/top-labels';
import { readValues } from '../../streams/data/read-values';
import { mapTensorAsync } from '../../streams/operators/map-tensor-async';
import { described, isIntegerFrom, wrongArgument } from '../../tensor/argument';
import { withoutTaping } from '../../tensor/extent';
import { formatShape } from '../../tensor/shape';
import { expandDims } from '../../tensor/ops/reshape';
import { isOneOf, type OptionRules } from '../../tensor/options';
import { dispose, keep, tidy } from '../../tensor/scope';
import { Tensor } from '../../tensor/tensor';
import { checked } from '../signal/options';
import { framed } from './framed';

/** Options of {@link classify}. */
export interface ClassifyOptions {
  /** The names of the classes, in the order of the model's output. */
  readonly labels: readonly string[];
  /** The samples of a window. */
  readonly window: number;
  /** The samples from the beginning of a window to that of the next; half of `window`, rounded down, when left out. */
  readonly hop?: number;
  /** Over how many windows, the latest ones, scores are averaged; 1 when left out. Answers come from the first window on. */
  readonly smoothing?: number;
  /** Samples a second. With it every answer has the time of its window's last sample. */
  readonly sampleRate?: number;
  /** Makes what the model takes of a window, as a spectrogram: tensors that it makes are freed. A batch of one window [1, window] when left out. */
  readonly features?: (window: Tensor) => Tensor;
  /** The output of a loaded model; its only one, or its first one, when left out. */
  readonly output?: string;
  /** What scores go through before they are averaged: 'softmax' for logits; 'none' when left out. */
  readonly activation?: 'none' | 'softmax';
  /** The most labels of an answer; 5 when left out. */
  readonly count?: number;
}

/** A loaded model, or a function that gives a tensor with a number for each class, or a promise of one. */
export type SoundClassifier =
  | (GivenModel & { readonly outputs?: readonly { readonly name: string }[] })
  | ((features: Tensor) => Tensor | PromiseLike<Tensor>);

const positive = (value: unknown): boolean => isIntegerFrom(value, 1);
const isFunction = (value: unknown): boolean => typeof value === 'function';
const rules: OptionRules<ClassifyOptions> = {
  labels: [
    (value) =>
      Array.isArray(value) && value.length > 0 && value.every((each: unknown) => typeof each === 'string'),
    'a list of texts, one for each class',
  ],
  window: [positive, 'a positive integer'],
  hop: [positive, 'a positive integer'],
  smoothing: [positive, 'a positive integer'],
  sampleRate: [(value) => Number.isFinite(value) && (value as number) > 0, 'a positive number'],
  features: [isFunction, 'a function of a window'],
  output: [(value) => typeof value === 'string', 'the name of an output'],
  activation: isOneOf(['none', 'softmax']),
  count: [positive, 'a positive integer'],
};

/**
 * Names what is heard: cuts the samples into windows that overlap, and gives the classes of each with their scores, the best first, averaged over the latest windows.
 * A window waits for the one before, and so does the source. Behind it, `decisions` makes a beginning and an end of one class's score.
 *
 * ```text
 *  chunks of samples            --a---b---c---d---e---f--|
 *  classify(model, { … })       ----------1---2---3---4--|     a window of three chunks, a hop of one
 * ```
 *
 * @param model a loaded model, which stays yours, or a function from what it takes to a tensor with a number for each class
 * @param options the windows, the names of the classes, and what the model takes of a window
 * @returns the best classes of each window; each subscription begins anew
 * @throws when an argument is wrong; as error notifications, when the model gives another number of classes than there are labels, and what it throws or rejects with
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { classify } from 'rxtensor/sound';
 * // In place of a model: what is below 0, and above.
 * const sides = (windows: dl.Tensor): dl.Tensor => dl.stack([dl.relu(dl.neg(windows)).mean(), dl.relu(windows).mean()]);
 * dl.examples([[-1, -1, 0], [1, 1, 1]])
 *   .pipe(
 *     dl.mapTensor((chunk) => dl.tensor1d(chunk as number[])),
 *     classify(sides, { labels: ['low', 'high'], window: 3, hop: 3, smoothing: 2 }),
 *   )
 *   .subscribe(([best]) => console.log(best!.label)); // low, then high: on average 0.5 to 0.33
 * ```
 */
export function classify(
  model: SoundClassifier,
  options: ClassifyOptions,
): OperatorFunction<Tensor, Labelled[]> {
  const name = 'classify';
  if (!isModel(model) && typeof model !== 'function')
    throw wrongArgument(
      name,
      'model',
      model,
      'a model, as loadGraphModel() of rxtensor/models gives, or a function',
    );
  const given = checked(name, options, rules, ['labels', 'window']);
  const { window, hop = Math.max(1, Math.floor(window / 2)), sampleRate = null } = given;
  return (source) =>
    defer(() => {
      /** The windows that the model looks at: which of them begin anew. */
      const begun: boolean[] = [];
      const answer = answering(name, model, given);
      return source.pipe(
        framed(name, { frame: window, hop, sampleRate, timedBy: window - 1 }, (x, { index }) => {
          begun.push(index === 0);
          return x;
        }),
        mapTensorAsync((x) => answer(x, begun.shift()!)),
      );
    });
}

/** A function of one window after the other, which remembers the latest scores. */
function answering(
  name: string,
  model: SoundClassifier,
  { labels, smoothing = 1, features, output, activation = 'none', count = 5 }: ClassifyOptions,
): (window: Tensor, begins: boolean) => Promise<Labelled[]> {
  let latest: number[][] = [];
  const run = isModel(model)
    ? (input: Tensor) => model.executeAsync(input, output ?? firstOutput(name, model.outputs))
    : model;
  return async (window, begins) => {
    if (begins) latest = [];
    const input = withoutTaping(() => tidy(() => (features ?? batchOfOne)(window)));
    if (!(input instanceof Tensor))
      throw new Error(`${name}: option 'features' gives ${described(input)}; wanted a tensor`);
    let scores: Tensor | undefined;
    try {
      scores = await withoutTaping(() => run(input));
      if (scores instanceof Tensor) keep(scores);
      else throw wrongArgument(name, 'model', model, 'a function that gives a tensor, or a promise of one');
      const { values, shape } = await readValues(name, 'model', scores);
      if (values.length !== labels.length)
        throw new Error(
          `${name}: the model gives shape ${formatShape(shape)}; wanted ${labels.length} numbers, one for each of the 'labels'`,
        );
      latest.push(activation === 'softmax' ? softmaxOf(values) : Array.from(values));
    } finally {
      // What a function has made before its first await is freed by the operator too: that does no harm.
      dispose([input, ...(scores instanceof Tensor ? [scores] : [])]);
    }
    if (latest.length > smoothing) latest.shift();
    const means = labels.map((_, i) => latest.reduce((sum, row) => sum + row[i]!, 0) / latest.length);
    return topLabels({ values: Float32Array.from(means), shape: [means.length] }, labels, { count });
  };
}

const batchOfOne = (window: Tensor): Tensor => expandDims(window, 0);

function firstOutput(name: string, outputs: readonly { readonly name: string }[] | undefined): string {
  const [first] = outputs ?? [];
  if (first) return first.name;
  throw new Error(`${name}: option 'output' is missing; wanted the name of the model's output`);
}
