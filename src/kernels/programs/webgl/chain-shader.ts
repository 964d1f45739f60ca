import { activationGradients } from '../../activation-gradients';
import { binaryFunctions } from '../../binary-functions';
import type { TensorInfo } from '../../backend';
import { sizeOf } from '../../strides';
import { unaryFunctions } from '../../unary-functions';
import type { WebGLBackend } from '../../webgl/backend';
import { broadcastView, pointwise } from '../../webgl/pointwise';
import { laneTypeOf, type LaneType } from '../../webgl/textures';
import type { Operand, Program, Step } from '../program';
import type { Chain } from '../schedule';
import { operandsOfReduction } from '../passes/reductions-of-chains';
import { reduceChain } from './chain-reduction';
import { drawRowChain } from './row-chain';

/** Textures that a draw reads: devices have 16 units. */
const MAX_INPUTS = 12;
/** Drivers take long to compile much longer shaders. */
const MAX_PARTS = 48;

/** A part as a GLSL function of its inputs, and the functions that it calls. */
interface Form {
  readonly type: LaneType;
  readonly parameters: readonly string[];
  readonly body: string;
  readonly functions?: string;
}

/** A number as GLSL, with all of its bits. */
function literal(value: number, type: LaneType): string {
  if (type === 'int') return `int(${value >>> 0}u)`;
  return `uintBitsToFloat(${new Uint32Array(new Float32Array([value]).buffer)[0]!}u)`;
}

function formOf({ kernel, attributes, inputs, outputs }: Step, slots: Program['slots']): Form | null {
  const dtype = slots[inputs[0]!.slot]!.dtype;
  const from = laneTypeOf(dtype);
  switch (kernel) {
    case 'unary': {
      const { name, p, q } = attributes as Step<'unary'>['attributes'];
      const row = unaryFunctions[name];
      const exact = from === 'float' ? undefined : row.int;
      const type = exact ? 'int' : 'float';
      const numbers = `${type} p = ${literal(p, type)}, q = ${literal(q, type)};`;
      return {
        type,
        parameters: ['x'],
        body: `${numbers} return ${(exact ?? row).glsl};`,
        functions: exact ? '' : (row.glslFunctions ?? ''),
      };
    }
    case 'binary': {
      const row = binaryFunctions[(attributes as Step<'binary'>['attributes']).name];
      const form = (from === 'float' ? undefined : row.int) ?? row;
      const type = form === row ? 'float' : 'int';
      return {
        type,
        parameters: ['a', 'b'],
        body: `return ${form.glsl};`,
        functions: form.glslFunctions ?? '',
      };
    }
    case 'activationGradient': {
      const { name, alpha } = attributes as Step<'activationGradient'>['attributes'];
      const body = `float alpha = ${literal(alpha, 'float')}; return ${activationGradients[name].glsl};`;
      return { type: 'float', parameters: ['dy', 'y'], body };
    }
    case 'cast': {
      const to = slots[outputs[0]!.slot]!.dtype;
      if (to === 'bool')
        return { type: from, parameters: ['x'], body: `return x != ${from}(0) ? ${from}(1) : ${from}(0);` };
      // To int32 the kernel wraps, which GLSL's conversion need not.
      return to === 'int32' && from === 'float' ? null : { type: from, parameters: ['x'], body: 'return x;' };
    }
    default:
      return null;
  }
}

/** Whether one shader can compute the steps. */
export function fitsInShader(parts: readonly Step[], slots: Program['slots']): boolean {
  const inputs = new Set(parts.flatMap((part) => part.inputs.map(({ slot }) => slot)));
  for (const { outputs } of parts) inputs.delete(outputs[0]!.slot);
  return (
    parts.length <= MAX_PARTS &&
    inputs.size <= MAX_INPUTS &&
    parts.every((part) => part.kernel === 'select' || formOf(part, slots) !== null)
  );
}

/** The functions that a text defines, one by one: rows share some of them, and a shader must define each once. */
export function definitionsIn(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) {
      found.push(text.slice(from, at + 1).trim());
      from = at + 1;
    }
  }
  return found;
}

/** Numbers for the bodies of shaders: a program of the cache has a short name, not a text that is compared in each draw. */
const numberOfBody = new Map<string, number>();

/** Computes a chain with one output in one draw. */
export function chainShader(
  chain: Chain,
  slots: Program['slots'],
): (backend: WebGLBackend, inputs: readonly TensorInfo[], outputs: readonly TensorInfo[]) => void {
  const { parts, inputs } = chain;
  const output = parts.at(-1)!.outputs[0]!;
  const typeOf = ({ slot }: Operand): LaneType => laneTypeOf(slots[slot]!.dtype);
  const keyOf = ({ slot, shape }: Operand): string => `${slot}:${sizeOf(shape)}:${shape.join()}`;
  const names = new Map(inputs.map((operand, i) => [keyOf(operand), `input${i}_`]));
  const partNames = new Map<number, string>();
  const nameOf = (operand: Operand): string => partNames.get(operand.slot) ?? names.get(keyOf(operand))!;
  const functions = new Set<string>();
  const lines = parts.map((part, i) => {
    const [first] = part.outputs;
    const name = `part${i}_`;
    const type = typeOf(first!);
    const args = part.inputs.map(nameOf);
    partNames.set(first!.slot, name);
    if (part.kernel === 'select') {
      const [condition, a, b] = args;
      return `${type} ${name} = ${condition} != 0 ? ${a} : ${b};`;
    }
    const form = formOf(part, slots)!;
    for (const definition of definitionsIn(form.functions ?? '')) functions.add(definition);
    const parameters = form.parameters.map((own) => `${form.type} ${own}`).join(', ');
    functions.add(`${form.type} row${i}_(${parameters}) { ${form.body} }`);
    return `${type} ${name} = ${type}(row${i}_(${args.map((own) => `${form.type}(${own})`).join(', ')}));`;
  });
  const type = typeOf(output);
  const list = inputs.map((operand, i) => `${typeOf(operand)} input${i}_`).join(', ');
  const body = `${[...functions].join('\n')}
    ${type} chain(${list}) {
      ${lines.join('\n')}
      return part${parts.length - 1}_;
    }`;
  let number = numberOfBody.get(body);
  if (number === undefined) numberOfBody.set(body, (number = numberOfBody.size));
  const call = {
    program: `chain ${number}`,
    functions: body,
    expression: `chain(${inputs.map((_, i) => `v${i}`).join(', ')})`,
  };
  const { reduction } = chain;
  if (reduction) {
    const kinds = operandsOfReduction({ inputs, outputs: [output] }, reduction, slots)!;
    return (backend, from, [to]) => reduceChain(backend, call, kinds, from, to!, reduction);
  }
  return (backend, from, [to]) => {
    if (drawRowChain(backend, call, from, to!)) return;
    const views = Object.fromEntries(from.map((operand, i) => [`v${i}`, broadcastView(operand, to!)]));
    pointwise(backend, { ...call, inputs: views, output: to! });
  };
}
