import type { TensorInfo } from '../../backend';
import type { WebGLBackend } from '../../webgl/backend';
import { submit, type Submission } from '../../webgl/submission';
import { sameLayout, type TextureLayout } from '../../webgl/texture-layout';
import type { LaneType, Texture } from '../../webgl/textures';
import { planTextures } from '../texture-plan';
import { placeOfUniform } from './place-of-uniform';
import { planUnits } from './texture-units';

/** What a step has submitted. */
export interface Heard {
  readonly submissions: readonly Submission[];
  /** The position of its attributes among those that vary; undefined if they are the same in each run. */
  readonly varying: number | undefined;
}

/** The textures that the submissions of a run have found. */
export interface Found {
  /** Those of arguments and captured tensors. Each run may bring others. */
  readonly given: readonly Texture[];
  /** Those that stay the same: constants, and values that are made once. */
  readonly fixed: ReadonlySet<Texture>;
  /** Those of the outputs; null where the host writes the values. */
  readonly outputs: readonly (Texture | null)[];
}

/** The submissions of a program, bound to textures by a plan: a run issues them and nothing else. */
export interface Bound {
  /** Bytes of the textures between draws. */
  readonly bytes: number;
  /** Whether these textures have the layouts for which the submissions were made. */
  fits(given: readonly Texture[]): boolean;
  /** @param outputs the operands of the outputs, which get textures */
  run(given: readonly Texture[], outputs: readonly TensorInfo[], varying: readonly unknown[]): void;
}

/** What a texture is, as one object for all that are equal. */
interface Kind {
  readonly layout: TextureLayout;
  readonly laneType: LaneType;
  readonly bytes: number;
}

/** A value that a draw fills. */
interface Made {
  readonly kind: Kind;
  readonly first: number;
  last: number;
  /** Which output it becomes; −1 for a value between draws. */
  output: number;
}

/** Numbers of a draw that each run is given: an attribute's, from a place on. */
interface VaryingUniform {
  readonly position: number;
  readonly name: string;
  readonly numbers: number[];
  readonly place: number;
}

/** The attributes that vary, by the names of the uniforms which they become. */
const varyingNames = ['key', 'hyperparameters'] as const;

/** A submission whose textures each run sets, by their places in the table of all. */
interface Replayed {
  readonly submission: Submission;
  readonly inputs: Texture[];
  readonly inputPlaces: readonly number[];
  readonly targets: Texture[];
  readonly targetPlaces: readonly number[];
  readonly varying: readonly VaryingUniform[];
}

/** Binds what a run has submitted; null where it did something besides: an upload, or values that the host computed. */
export function bind(backend: WebGLBackend, heard: readonly Heard[], found: Found): Bound | null {
  const { given, fixed, outputs } = found;
  const kinds = new Map<string, Kind>();
  const kindOf = ({ layout, laneType, bytes }: Texture): Kind => {
    const key = `${layout.width} ${layout.height} ${layout.layers} ${laneType}`;
    let kind = kinds.get(key);
    if (!kind) kinds.set(key, (kind = { layout, laneType, bytes }));
    return kind;
  };

  /** All textures of a run: those given, those that stay, then those made. */
  const lasting: Texture[] = [];
  const made: Made[] = [];
  /** Where the value that a texture has at this point will be: numbers from 0 on, of made values −1, −2, …. */
  const current = new Map<Texture, number>();
  given.forEach((texture, i) => current.set(texture, i));
  const sourceOf = (texture: Texture, position: number): number | null => {
    const known = current.get(texture);
    if (known !== undefined) {
      if (known < 0) made[-1 - known]!.last = position;
      return known;
    }
    if (!fixed.has(texture) && backend.none.get(texture.laneType) !== texture) return null;
    const place = given.length + lasting.push(texture) - 1;
    current.set(texture, place);
    return place;
  };

  const all = heard.flatMap(({ submissions, varying }) =>
    submissions.map((submission) => ({ submission, varying })),
  );
  const uses: { inputs: number[]; targets: number[] }[] = [];
  for (const [position, { submission }] of all.entries()) {
    const inputs: number[] = [];
    for (const texture of submission.draw?.operands.textures ?? []) {
      const source = sourceOf(texture, position);
      if (source === null) return null;
      inputs.push(source);
    }
    const targets: number[] = [];
    for (const texture of submission.targets) {
      if ((current.get(texture) ?? -1) >= 0 || fixed.has(texture)) return null;
      const value = -made.push({ kind: kindOf(texture), first: position, last: position, output: -1 });
      current.set(texture, value);
      targets.push(value);
    }
    uses.push({ inputs, targets });
  }
  for (const [output, texture] of outputs.entries()) {
    if (texture === null) continue;
    const value = made[-1 - (current.get(texture) ?? 0)];
    if (!value) return null;
    value.output = output;
  }
  if (heard.some((each) => each.varying !== undefined && !hasVaryingUniform(each))) return null;

  const between = made.filter(({ output }) => output < 0);
  const plan = planTextures(between);
  const firstMade = given.length + lasting.length;
  const firstOutput = firstMade + plan.kinds.length;
  const layoutsOfOutputs = outputs.map((texture) => texture?.layout ?? null);
  const placeOf = (value: number): number => {
    if (value >= 0) return value;
    const own = made[-1 - value]!;
    return own.output >= 0 ? firstOutput + own.output : firstMade + plan.textures[between.indexOf(own)]!;
  };
  const inputPlaces = uses.map(({ inputs }) => inputs.map(placeOf));
  const { gl } = backend;
  const first = gl.getParameter(gl.MAX_TEXTURE_IMAGE_UNITS) as number;
  const count = (gl.getParameter(gl.MAX_COMBINED_TEXTURE_IMAGE_UNITS) as number) - first;
  const units = planUnits(inputPlaces, given.length, first, count);
  const replayed = all.map(({ submission, varying }, i): Replayed => {
    const { targets: written, draw } = submission;
    const inputs = [...(draw?.operands.textures ?? [])];
    const targets = [...written];
    const own = { ...submission, targets, draw: draw && withOwnOperands(draw, inputs, units[i]!) };
    return {
      submission: own,
      inputs,
      inputPlaces: inputPlaces[i]!,
      targets,
      targetPlaces: uses[i]!.targets.map(placeOf),
      varying: varying === undefined ? [] : varyingUniforms(own, varying),
    };
  });
  const layoutsOfGiven = given.map(({ layout }) => layout);
  const table: (Texture | null)[] = [...given, ...lasting, ...plan.kinds.map(() => null)];

  return {
    bytes: plan.kinds.reduce((sum, { bytes }) => sum + bytes, 0),
    fits: (textures) => {
      for (let i = 0; i < textures.length; i++)
        if (!sameLayout(textures[i]!.layout, layoutsOfGiven[i]!)) return false;
      return true;
    },
    run: (textures, operands, varying) => {
      const { pool } = backend;
      for (let i = 0; i < textures.length; i++) table[i] = textures[i]!;
      try {
        // The pool gives the texture that came last: in this order, and backwards behind the draws, each run is given those of the one before.
        for (let i = 0; i < operands.length; i++) {
          const layout = layoutsOfOutputs[i]!;
          if (layout !== null) table[firstOutput + i] = backend.allocateTexture(operands[i]!, layout);
        }
        for (let i = 0; i < plan.kinds.length; i++) {
          const { layout, laneType } = plan.kinds[i]!;
          table[firstMade + i] = pool.acquire(layout, laneType);
        }
        for (let i = 0; i < replayed.length; i++) replay(backend, replayed[i]!, table as Texture[], varying);
      } finally {
        for (let i = firstOutput - 1; i >= firstMade; i--) {
          const texture = table[i]!;
          table[i] = null;
          if (texture) pool.release(texture);
        }
      }
    },
  };
}

function replay(
  backend: WebGLBackend,
  { submission, inputs, inputPlaces, targets, targetPlaces, varying: uniforms }: Replayed,
  table: readonly Texture[],
  varying: readonly unknown[],
): void {
  for (let i = 0; i < inputPlaces.length; i++) inputs[i] = table[inputPlaces[i]!]!;
  for (let i = 0; i < targetPlaces.length; i++) targets[i] = table[targetPlaces[i]!]!;
  for (let i = 0; i < uniforms.length; i++) {
    const { position, name, numbers, place } = uniforms[i]!;
    const values = (varying[position] as Record<string, readonly number[]>)[name]!;
    for (let k = 0; k < values.length; k++) numbers[place + k] = values[k]!;
    submission.draw!.program.latest = null;
  }
  submit(backend, submission);
}

/** The draw with textures and numbers that each run may change. */
function withOwnOperands(
  draw: NonNullable<Submission['draw']>,
  textures: Texture[],
  units: readonly number[],
): NonNullable<Submission['draw']> {
  const { ints, floats } = draw.operands.uniforms;
  return {
    ...draw,
    units,
    operands: { ...draw.operands, textures, uniforms: { ints: [...ints], floats: [...floats] } },
  };
}

/** Whether a draw of a step takes the attributes that vary: otherwise they decide about something else. */
function hasVaryingUniform({ submissions, varying }: Heard): boolean {
  return submissions.some((submission) => varyingUniforms(submission, varying!).length > 0);
}

function varyingUniforms({ draw }: Submission, position: number): VaryingUniform[] {
  if (!draw) return [];
  const { textures, call, uniforms } = draw.operands;
  return (['ints', 'floats'] as const).flatMap((type) =>
    varyingNames.flatMap((name) => {
      const place = placeOfUniform(name, type, textures.length, call[type]);
      return place < 0 ? [] : [{ position, name, numbers: uniforms[type] as number[], place }];
    }),
  );
}
