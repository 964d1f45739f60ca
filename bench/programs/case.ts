import type { PeerName, Prepared } from '../cases/case';
import type { Library, Tensor } from '../library';

/** What a program is made of: a function of tensors, and the tensors that it is called with. */
export interface Work {
  readonly f: (...args: Tensor[]) => Tensor | Tensor[];
  readonly args: readonly Tensor[];
}

/** What a recorded function is held against: the same function unrecorded, or a peer. */
export interface Against {
  readonly contestant: 'unrecorded' | PeerName;
  readonly must: number;
  readonly aim: number;
  /** The same for a peer that does not share our names. */
  readonly prepare?: () => Promise<Prepared>;
}

/** Some lines of the table: one function, recorded, and what it is held against. */
export interface ProgramCase {
  readonly name: string;
  readonly against: readonly Against[];
  /** Whether it was drawn at random: then something is asked of the mean of all that were. */
  readonly isDrawn?: true;
  /** How far results may be apart, relative to the greatest. */
  readonly tolerance?: number;
  /** @param tag for the names of variables, which are used once */
  readonly prepare: (lib: Library, tag: string) => Work;
}

/** One line of the table. */
export interface ProgramResult {
  readonly name: string;
  readonly against: string;
  readonly must: string;
  readonly aim: string;
  /** As it is to be written; absent where the case could not run. */
  readonly found?: string;
  readonly ours?: string;
  readonly theirs?: string;
  readonly verdict?: 'aim' | 'must' | 'missed';
  readonly problem?: string;
}

/** Of a figure that is better the greater it is. */
export function verdictOf(value: number, must: number, aim: number): 'aim' | 'must' | 'missed' {
  return value >= aim ? 'aim' : value >= must ? 'must' : 'missed';
}
