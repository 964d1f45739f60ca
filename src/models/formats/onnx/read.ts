import { shortened } from '../../../tensor/argument';
import { checkedNodes } from '../../graph/check';
import { inChannelsLast } from '../../graph/channels-last';
import type { Graph } from '../../graph/graph';
import { onnxLayouts } from '../../ops/onnx/layouts';
import type { OpTable } from '../../ops/row';
import type { BytesListener, ModelFiles } from '../../model-files';
import { lowered } from './lower';
import { readMessage } from './messages';
import { model, type GraphProto, type ModelProto } from './model-proto';
import { locationOf } from './tensors';

/** The paths of all files with values, also of graphs in attributes. */
function locationsIn(graph: GraphProto, where: string): string[] {
  const inner = graph.nodes.flatMap(({ attributes }) => attributes);
  const tensors = [...graph.initializers, ...inner.flatMap(({ tensor }) => tensor ?? [])];
  return [
    ...tensors.flatMap((tensor) => locationOf(tensor, where) ?? []),
    ...inner.flatMap((each) => (each.graph ? locationsIn(each.graph, where) : [])),
  ];
}

/** Reads a model of ONNX into the neutral graph. */
export async function readOnnx(
  files: ModelFiles,
  operator: string,
  ops: OpTable,
  onBytes?: BytesListener,
): Promise<Graph> {
  const where = `${operator}: ${shortened(files.name)}`;
  const bytes = await files.readFirst(onBytes);
  const head = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  if (head.startsWith('<'))
    throw new Error(`${where} is no model of ONNX; found a page of HTML: ${shortened(head)}`);
  const proto = readMessage<ModelProto>(bytes, { irVersion: 0, opsets: [] }, model, where);
  if (!proto.graph) throw new Error(`${where} has no graph; wanted a model of ONNX`);
  const own = proto.opsets.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  if (!own) throw new Error(`${where} does not import ONNX's own ops; wanted a version of them`);
  const paths = [...new Set(locationsIn(proto.graph, where))];
  const contents = await Promise.all(paths.map((path) => files.read(path, onBytes)));
  const others = new Map(paths.map((path, i) => [path, contents[i]!]));
  const graph = lowered(proto.graph, { opset: own.version, files: others, ops, where });
  const everything = [...graph.nodes.keys()].map((node) => ({ node, output: 0 }));
  const order = checkedNodes(graph, everything, () => true, operator);
  return inChannelsLast(graph, order, onnxLayouts(graph, graph.ranks, order));
}
