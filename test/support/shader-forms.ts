/** All shader forms of the tables, for specs that check that they use only the subset. */
import { activationGradients } from '../../src/kernels/activation-gradients';
import { binaryFunctions } from '../../src/kernels/binary-functions';
import { unaryFunctions } from '../../src/kernels/unary-functions';
import { updateRules } from '../../src/kernels/optimizer-updates';
import { reductions } from '../../src/kernels/reductions';
import type { ScalarType } from '../../src/kernels/shader-forms/syntax';
import { OUTSIDE_FUNCTIONS, outsideRows } from '../../src/kernels/warp';

export interface NamedForm {
  readonly title: string;
  readonly type: ScalarType;
  /** An expression, or statements for an optimizer update. */
  readonly text: string;
  readonly isStatements?: true;
  /** The variables that the form may use. */
  readonly variables: readonly string[];
  /** The source of the functions that it calls. */
  readonly functions: string;
}

interface Row {
  readonly glsl: string;
  readonly glslFunctions?: string;
  readonly int?: { readonly glsl: string; readonly glslFunctions?: string };
}

function formsOf(
  table: string,
  rows: Readonly<Record<string, Row>>,
  variables: readonly string[],
): NamedForm[] {
  return Object.entries(rows).flatMap(([name, row]) =>
    (['float', 'int'] as const).flatMap((type) => {
      const form = type === 'float' ? row : row.int;
      const title = `${table}.${name} of ${type}`;
      return form ? [{ title, type, text: form.glsl, variables, functions: form.glslFunctions ?? '' }] : [];
    }),
  );
}

function outsideForms(): NamedForm[] {
  return formsOf('outside', outsideRows, ['v', 'n']).map((form) => ({
    ...form,
    functions: OUTSIDE_FUNCTIONS,
  }));
}

function updateForms(): NamedForm[] {
  return Object.entries(updateRules).map(([name, { glsl, slots, hyperparameters }]) => ({
    title: `update.${name}`,
    type: 'float',
    text: glsl,
    isStatements: true,
    variables: [
      'value',
      'g',
      ...slots.map((_, k) => `slot${k}`),
      ...hyperparameters.map((_, k) => `h[${k}]`),
    ],
    functions: '',
  }));
}

export const shaderForms: readonly NamedForm[] = [
  ...formsOf('unary', unaryFunctions, ['x', 'p', 'q']),
  ...formsOf('binary', binaryFunctions, ['a', 'b']),
  ...formsOf('reduction', reductions, ['a', 'b']),
  ...formsOf('activation gradient', activationGradients, ['dy', 'y', 'alpha']),
  ...outsideForms(),
  ...updateForms(),
];
