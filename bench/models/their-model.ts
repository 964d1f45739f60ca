/** What is used here of a graph model of TensorFlow.js: its types are not installed. */
export interface TheirModel {
  readonly inputs: readonly {
    readonly name: string;
    readonly shape?: readonly number[];
    readonly dtype: string;
  }[];
  readonly outputs: readonly { readonly name: string }[];
  readonly predict: (inputs: unknown) => unknown;
  readonly execute: (inputs: unknown, outputs: readonly string[]) => unknown;
  readonly executeAsync: (inputs: unknown, outputs?: readonly string[]) => Promise<unknown>;
}

/** Ops whose results have as many elements as the values decide: TensorFlow.js runs a model with them by executeAsync only. */
export const ofValues =
  /^(NonMaxSuppression|Where|TopK|If|While|StatelessIf|StatelessWhile|Switch|Merge|Enter|Exit)/;
