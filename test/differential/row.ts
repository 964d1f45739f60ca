import type { Arbitrary } from 'fast-check';
import type { Tolerance } from '../support/close';
import type { Argument, Operand } from './operand';

/** A function of an op's arguments, tensors being those of one of the libraries; gives tensors, alone, listed or named. */
export type Call = (...args: never[]) => unknown;

/** How one op is compared. */
export interface Row {
  /** What it is called with. */
  readonly args: Arbitrary<readonly Argument[]>;
  /** Arguments at which it is differentiated by all operands of float32, or why it is not. */
  readonly gradient: Arbitrary<readonly Argument[]> | { readonly none: string };
  /** Which of the operands it is differentiated by, where not by all of float32. */
  readonly by?: readonly number[];
  /** The exported name, where the row's is another. */
  readonly op?: string;
  /** How it is called, where not as the row says. */
  readonly ours?: Call;
  /** What TensorFlow.js has for it, where not the same name with the same arguments. */
  readonly oracle?: Call;
  /** The result by definition, in float64, in place of TensorFlow.js. */
  readonly definition?: (...args: never[]) => readonly Operand[];
  /** Where TensorFlow.js errs, and what is compared instead. */
  readonly oracleIsWrong?: string;
  readonly tolerance?: Tolerance;
  readonly gradientTolerance?: Tolerance;
}

export type Rows = Readonly<Record<string, Row>>;
