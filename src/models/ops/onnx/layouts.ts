/** How the order of axes passes through ONNX's ops. Its images have their channels in front; ours have them last. */
import { numbersAt, type LayoutRule, type LayoutTable } from '../../graph/channels-last';
import type { Graph, GraphNode, NodeOutput } from '../../graph/graph';

/** Ops of our own. No name in a file has a colon when it comes here. */
export const TO_LAST = 'layout:ChannelsLast';
export const TO_FIRST = 'layout:ChannelsFirst';
export const TO_FILTER = 'layout:Filter';

const ofRule = (rule: LayoutRule, names: string): Record<string, LayoutRule> =>
  Object.fromEntries(names.split(' ').map((name) => [name, rule]));

const allRules = (): Record<string, LayoutRule> => ({
  ...ofRule(
    'images',
    'Conv ConvTranspose MaxPool AveragePool GlobalAveragePool GlobalMaxPool BatchNormalization InstanceNormalization GroupNormalization LRN Resize Upsample DepthToSpace SpaceToDepth',
  ),
  ...ofRule(
    'each',
    'Abs Acos Acosh Asin Asinh Atan Atanh Cast CastLike Ceil Celu Clip Cos Cosh Dropout Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Log Mish Neg Not Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Size Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu',
  ),
  ...ofRule(
    'broadcast',
    'Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul Or PRelu Pow Sub Sum Where Xor',
  ),
  ...ofRule('axes', 'LogSoftmax Pad Slice Softmax Split QuantizeLinear DequantizeLinear'),
  ...ofRule('joined', 'Concat'),
  ...ofRule('merged', 'Merge'),
  ...ofRule('asked', 'Shape'),
  ...ofRule(
    'reduced',
    'ArgMax ArgMin ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare',
  ),
  ...ofRule('transposed', 'Transpose'),
});

const rules: Readonly<Record<string, LayoutRule>> = /* @__PURE__ */ allRules();

/** The numbers of a setting: an attribute, or an input that is a constant. Null if it depends on values. */
function setting(graph: Graph, node: GraphNode, name: string, input: number): readonly number[] | null {
  const given = numbersAt(node, name);
  if (given) return given;
  const from = node.inputs[input];
  return from === undefined ? [] : [...(graph.constants.get(from.node)?.values ?? [NaN])];
}

/** The rank of a node's first output, from those of its inputs; undefined where the file would have to tell. */
function rankOf(graph: Graph, node: GraphNode, ranks: readonly (number | undefined)[]): number | undefined {
  const { op } = node;
  const rule = Object.hasOwn(rules, op) ? rules[op] : undefined;
  if (op === 'Conv' || op === 'ConvTranspose') return ranks[1];
  if (rule === 'broadcast') return ranks.includes(undefined) ? undefined : Math.max(...(ranks as number[]));
  if (rule === 'reduced' && node.attributes.get('keepdims') === 0) {
    const axes = setting(graph, node, 'axes', 1);
    const isTold = ranks[0] !== undefined && axes && axes.length > 0 && !axes.some(Number.isNaN);
    return isTold && !op.startsWith('Arg') ? ranks[0]! - axes.length : undefined;
  }
  if (op === 'Transpose') return numbersAt(node, 'perm')?.length ?? ranks[0];
  if (op === 'Reshape') return graph.constants.get(node.inputs[1]?.node ?? '')?.shape[0];
  if (op === 'Flatten' || op === 'Gemm') return 2;
  if (op === 'Shape') return 1;
  if (op === 'Unsqueeze' || op === 'Squeeze') {
    const axes = setting(graph, node, 'axes', 1);
    if (ranks[0] === undefined || !axes || axes.length === 0 || axes.some(Number.isNaN)) return undefined;
    return op === 'Squeeze' ? ranks[0] - axes.length : ranks[0] + axes.length;
  }
  return rule !== undefined || [TO_FILTER, 'LayerNormalization', 'CumSum'].includes(op)
    ? ranks[0]
    : undefined;
}

/**
 * @param told the ranks that the file tells, by node
 * @param order all nodes, each behind its inputs
 */
export function onnxLayouts(
  graph: Graph,
  told: ReadonlyMap<string, number>,
  order: readonly string[],
): LayoutTable {
  const known = new Map<string, number>();
  const rank = ({ node, output }: NodeOutput): number | undefined =>
    output === 0 || graph.nodes.get(node)?.op === 'Split' ? known.get(node) : undefined;
  for (const name of order) {
    const node = graph.nodes.get(name)!;
    const found =
      graph.constants.get(name)?.shape.length ?? rankOf(graph, node, node.inputs.map(rank)) ?? told.get(name);
    if (found !== undefined) known.set(name, found);
  }
  return {
    rules,
    toLast: TO_LAST,
    toFirst: TO_FIRST,
    rank,
    reducedAxes: (node) => {
      const axes = node.op.startsWith('Arg')
        ? [Number(node.attributes.get('axis') ?? 0)]
        : setting(graph, node, 'axes', 1);
      return axes?.some(Number.isNaN) ? null : axes;
    },
  };
}
