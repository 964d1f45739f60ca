import type { KernelTable } from '../backend';
import { argReduce } from './arg-reduce';
import { averagePoolGradient } from './average-pool-gradient';
import type { WebGLBackend } from './backend';
import { binary } from './binary';
import { cast } from './cast';
import { concat } from './concat';
import { conv2d } from './conv2d';
import { conv2dFilterGradient } from './conv2d-filter-gradient';
import { conv2dInputGradient } from './conv2d-input-gradient';
import { fill } from './fill';
import { gather } from './gather';
import { matMul } from './mat-mul';
import { maxPoolGradient } from './max-pool-gradient';
import { maxPoolIndices } from './max-pool-indices';
import { oneHot } from './one-hot';
import { pad } from './pad';
import { pool } from './pool';
import { ramp } from './ramp';
import { random } from './random';
import { reduce } from './reduce';
import { scan } from './scan';
import { scatterAdd } from './scatter-add';
import { select } from './select';
import { slice } from './slice';
import { softmax } from './softmax';
import { softmaxGradient } from './softmax-gradient';
import { tile } from './tile';
import { transpose } from './transpose';
import { unary } from './unary';
import { update } from './update';

export const webglKernels: KernelTable<WebGLBackend> = {
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
