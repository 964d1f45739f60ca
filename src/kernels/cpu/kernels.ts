import type { KernelTable } from '../backend';
import { argReduce } from './arg-reduce';
import type { CpuBackend } from './backend';
import { binary } from './binary';
import { cast } from './cast';
import { concat } from './concat';
import { conv2d } from './conv2d';
import { conv2dFilterGradient } from './conv2d-filter-gradient';
import { conv2dInputGradient } from './conv2d-input-gradient';
import { fill, ramp } from './fill';
import { gather, scatterAdd } from './gather';
import { matMul } from './mat-mul';
import { oneHot } from './one-hot';
import { pad } from './pad';
import { averagePoolGradient, maxPoolGradient, maxPoolIndices, pool } from './pool';
import { random } from './random';
import { reduce } from './reduce';
import { scan } from './scan';
import { select } from './select';
import { slice } from './slice';
import { softmax, softmaxGradient } from './softmax';
import { tile } from './tile';
import { transpose } from './transpose';
import { unary } from './unary';
import { update } from './update';

/** Every kernel in plain TypeScript: they need nothing of the machine, and those of `simd/` stand in front of them. */
export const kernels: KernelTable<CpuBackend> = {
  argReduce,
  averagePoolGradient,
  binary,
  cast,
  concat,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  fill,
  gather,
  matMul,
  maxPoolGradient,
  maxPoolIndices,
  oneHot,
  pad,
  pool,
  ramp,
  random,
  reduce,
  scan,
  scatterAdd,
  select,
  slice,
  softmax,
  softmaxGradient,
  tile,
  transpose,
  unary,
  update,
};
