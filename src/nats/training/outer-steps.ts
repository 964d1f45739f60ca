import { mul, sub, add } from '../../tensor/ops/arithmetic';
import { zeros } from '../../tensor/ops/creation';
import { dispose, tidy } from '../../tensor/scope';
import type { Tensor } from '../../tensor/tensor';
import { Variable } from '../../tensor/variable';

/**
 * The outer optimizer of DiLoCo (Douillard et al., "DiLoCo: Distributed Low-Communication Training of Language Models", 2023, algorithm 1): Nesterov's
 * momentum on the difference that the members' own steps have made, averaged. It keeps, for each variable, its value at the last outer step and a
 * velocity.
 */
export class OuterSteps {
  readonly #starts: readonly Variable[];
  readonly #velocities: readonly Variable[];

  constructor(
    private readonly trained: readonly Variable[],
    private readonly learningRate: number,
    private readonly momentum: number,
  ) {
    const kept = (part: string, initial: (of: Variable) => Tensor): Variable[] =>
      trained.map((each) => tidy(() => new Variable(initial(each), false, `${part}/${each.name}`, true)));
    this.#starts = kept('start', (each) => each);
    this.#velocities = kept('velocity', ({ shape }) => zeros(shape));
  }

  /** Everything that a snapshot needs, by its names. */
  get variables(): ReadonlyMap<string, Variable> {
    return new Map([...this.trained, ...this.#starts, ...this.#velocities].map((each) => [each.name, each]));
  }

  /** What the steps since the last outer step have changed, as a gradient. The innermost scope owns it. */
  differences(): Tensor[] {
    return this.trained.map((each, i) => sub(this.#starts[i]!, each));
  }

  /** Takes an outer step with the mean of all members' differences. */
  step(differences: readonly Tensor[]): void {
    tidy(() => {
      for (const [i, difference] of differences.entries()) {
        const velocity = this.#velocities[i]!;
        velocity.assign(add(mul(velocity, this.momentum), difference));
        const change = mul(add(difference, mul(velocity, this.momentum)), this.learningRate);
        this.#starts[i]!.assign(sub(this.#starts[i]!, change));
      }
      this.undo();
    });
  }

  /** Sets the variables to their values at the last outer step. */
  undo(): void {
    for (const [i, each] of this.trained.entries()) each.assign(this.#starts[i]!);
  }

  dispose(): void {
    dispose([...this.#starts, ...this.#velocities]);
  }
}
