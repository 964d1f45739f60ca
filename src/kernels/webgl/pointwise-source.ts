import type { DataType } from '../dtype';
import { alongOf, lanes, list, partOf, runOf, secondOf, unravel } from './glsl';
import type { Reading, Readings, Walk } from './readings';
import { LANES } from './texture-layout';
import { laneTypeOf } from './textures';

/** GLSL for the index in an input of the element at the coordinates c0, c1, …. */
function placeOf({ axes, start }: Reading): string {
  return [`place${start - 2}`, ...axes!.map((axis) => `c${axis} * place${start + axis}`)].join(' + ');
}

/** GLSL for the four values that an output texel needs of an input. */
const texelOf: Readonly<Record<Walk, (reading: Reading) => string>> = {
  here: ({ name }) => `${name}_here()`,
  value: ({ type, start }) => (type === 'float' ? `vec4(real${start})` : `ivec4(whole${start})`),
  only: ({ name }) => `${name}_type(texelFetch(${name}_texture, ivec3(0), 0).x)`,
  across: ({ name, start }) => `${name}_along(fract(centre.x * rate${start + 1}) * rate${start})`,
  same: ({ name }) => `${name}_type(${name}_at(${name}_place))`,
  down: ({ name, start }) =>
    `${name}_type(${name}_lane(${name}_along(centre.y * rate${start}), int(gl_FragCoord.y)))`,
  texel: ({ name }) => `${name}_texel(${name}_place >> 2)`,
  part: ({ name, start }) => `${name}_part(gl_FragCoord.xy + vec2(rate${start}, rate${start + 1}))`,
  run: ({ name }) => `${name}_run(${name}_place)`,
  back: ({ name }) => `${name}_run(${name}_place - 3).wzyx`,
  second: ({ name }) => `${name}_second(${name}_place)`,
  free: ({ name, start }) =>
    `${name}_type(${list(LANES, (lane) => `${name}_at(${name}_place + ${lane} * place${start - 1})`, ', ')})`,
};

/** The GLSL function that a walk calls. */
function functionOf({ name, walk, variant }: Reading): string {
  if (walk === 'across' || walk === 'down') return alongOf(name, variant > 0);
  if (walk === 'part') return partOf(name, variant);
  return walk === 'second' ? secondOf(name) : walk === 'run' || walk === 'back' ? runOf(name) : '';
}

const assign = (reading: Reading): string => `${reading.name}_0 = ${texelOf[reading.walk](reading)};`;
const joined = (readings: readonly Reading[], text: (reading: Reading) => string): string =>
  readings.map(text).join(' ');

/** GLSL that assigns the values of the moving inputs one lane after the other, each at its own coordinates. */
function laneByLane({ moving, last }: Readings): string {
  const advance = `c${last}++; ${list(last, (n) => `if (c${last - n} == s${last - n}) { c${last - n} = 0; c${last - n - 1}++;`, ' ')} ${'}'.repeat(last)}`;
  return list(
    LANES,
    (lane) =>
      `${joined(moving, (reading) => `${reading.name}_0[${lane}] = ${reading.name}_at(${placeOf(reading)});`)} ${lane < 3 ? advance : ''}`,
  );
}

/** GLSL that finds the coordinates of an output texel, and assigns the values of the inputs whose place is another than its own. */
function movingSource(plan: Readings): string {
  const { moving, last, split, rows } = plan;
  const placed = moving.filter(({ axes }) => axes);
  const together = joined(moving, assign);
  return `${split > 0 ? `${unravel(split, 'line_of(here_layer)')} int i = int(gl_FragCoord.x)` : 'int i = t'}${rows === 'even' ? '' : ' * 4'};
          ${unravel(last + 1, 'i', split)}
          ${rows === 'short' ? '' : joined(placed, (reading) => `int ${reading.name}_place = ${placeOf(reading)};`)}
          ${rows === 'short' ? laneByLane(plan) : rows !== 'odd' ? together : `if (c${last} + 3 < s${last}) { ${together} } else { ${laneByLane(plan)} }`}`;
}

/** The source of a draw that computes each element of an output from elements of the inputs. */
export function pointwiseSource(
  plan: Readings,
  { functions = '', expression }: { readonly functions?: string; readonly expression: string },
  dtype: DataType,
): string {
  const { all, moving, rows } = plan;
  return `${functions}
        ${laneTypeOf(dtype)} f(${all.map(({ name, type }) => `${type} ${name}`).join(', ')}) { return ${expression}; }
        ${rows === 'short' ? '' : all.map(functionOf).join('\n')}
        unit result(int t) {
          ${joined(all, ({ name, type }) => `${type === 'float' ? '' : 'i'}vec4 ${name}_0;`)}
          ${moving.length === 0 ? '' : movingSource(plan)}
          ${joined(
            // They are read last: that took a tenth less time where another input is a column (SwiftShader).
            all.filter((reading) => !moving.includes(reading)),
            assign,
          )}
          return ${lanes('unit', (c) => `f(${all.map(({ name }) => `${name}_0.${c}`).join(', ')})`)};
        }`;
}
