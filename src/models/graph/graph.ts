/** The neutral form of a model: every format is read into it, and everything behind knows only this. */
import type { DataType, TypedArray } from '../../kernels';

/** A value that a node computes: output number `output` of the node of that name. */
export interface NodeOutput {
  /** The name of the node. */
  readonly node: string;
  /** Which of its outputs, from 0. */
  readonly output: number;
}

/** The value of a node's attribute. A dtype is its name, a shape its extents (−1: unknown). */
export type AttributeValue = number | boolean | string | readonly number[] | readonly string[];

/** The attributes of a node, by name. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

/** A node computes outputs from inputs. `op` is the name of the operation in TensorFlow; see models/ops. */
export interface GraphNode {
  /** Its name, which no other node has. */
  readonly name: string;
  /** The name of its op. */
  readonly op: string;
  /** The values that it takes, in order. */
  readonly inputs: readonly NodeOutput[];
  /** Nodes that must have run before, though nothing of them is read: a branch or a loop that is not taken runs none of its nodes. */
  readonly after: readonly string[];
  /** Its settings. */
  readonly attributes: Attributes;
}

/** The weights of a model, or other values that its file holds. */
export interface Constant {
  /** The extents of its axes. */
  readonly shape: readonly number[];
  /** The type of its elements. */
  readonly dtype: DataType;
  /** They may be made of the file's bytes each time that they are asked for, so that a large model is not in memory twice. */
  readonly values: TypedArray;
}

/** An input or output of a model. */
export interface TensorDescription {
  /** The name by which `predict` and `execute` know it. */
  readonly name: string;
  /** The extents, null where any is accepted; null if even the rank is not known. */
  readonly shape: readonly (number | null)[] | null;
  /** The type of its elements; null where the file does not say. */
  readonly dtype: DataType | null;
}

/** An output of a model, with the value that it is. */
export interface GraphOutput extends TensorDescription {
  /** The value that it is. */
  readonly from: NodeOutput;
}

/** An input of a model, with the node that stands for it. */
export interface GraphInput extends TensorDescription {
  /** The node that stands for it. */
  readonly node: string;
}

/** What a model computes, without the values of its weights. */
export interface Topology {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly GraphOutput[];
  /** The name of the signature that names inputs and outputs; {@link SERVING} if the file has no name for it. */
  readonly signature?: string;
}

/** A model as its file describes it. */
export interface Graph extends Topology {
  /** The values of the nodes with op 'Const', by node. */
  readonly constants: ReadonlyMap<string, Constant>;
}

/** How TensorFlow names the signature of a model that has only one. */
export const SERVING = 'serving_default';

/** The op of a node that stands for an input. */
export const INPUT = 'Placeholder';
/** The op of a node whose value is in {@link Graph.constants}. */
export const CONSTANT = 'Const';
/** The op of a node that hands a value on to the next turn of a loop. */
export const LEADS_BACK = 'NextIteration';
/** The op of a node that computes nothing: others only wait for it. */
export const NOTHING = 'NoOp';
