/**
 * What the schema of TensorFlow Lite says (tensorflow/compiler/mlir/lite/schema/schema.fbs): numbers of fields, operators and their options.
 */
import type { AttributeValue } from '../../graph/graph';
import type { FlatTable } from '../flatbuffer';

/** The numbers of the fields that are read, by table. */
export const MODEL = { operatorCodes: 1, subgraphs: 2, buffers: 4, signatures: 7 } as const;
export const SUBGRAPH = { tensors: 0, inputs: 1, outputs: 2, operators: 3 } as const;
export const TENSOR = {
  shape: 0,
  type: 1,
  buffer: 2,
  name: 3,
  grid: 4,
  sparsity: 6,
  shapeSignature: 7,
} as const;
export const BUFFER = { data: 0, offset: 1, size: 2 } as const;
export const QUANTIZATION = { scale: 2, zeroPoint: 3, detailsType: 4, axis: 6 } as const;
export const SPARSITY = { order: 0, blockMap: 1, levels: 2 } as const;
/** A union takes two fields: its type, and its table. */
export const LEVEL = { format: 0, size: 1, segments: 2, indices: 4 } as const;
export const OPERATOR = { code: 0, inputs: 1, outputs: 2, options: 4, customOptions: 5 } as const;
export const OPERATOR_CODE = { oldBuiltin: 0, custom: 1, builtin: 3 } as const;
export const SIGNATURE = { inputs: 0, outputs: 1, key: 2, subgraph: 4 } as const;
export const NAMED_TENSOR = { name: 0, index: 1 } as const;

/** The number of operators that are not of the schema; they have a name of their own. */
export const CUSTOM = 32;

/** The operators of the schema, in the order of their numbers. */
export const builtins =
  'ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE EMBEDDING_LOOKUP FLOOR FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D LOCAL_RESPONSE_NORMALIZATION LOGISTIC LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH SVDF TANH CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD UNIDIRECTIONAL_SEQUENCE_RNN GATHER BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN SUB DIV SQUEEZE UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE BIDIRECTIONAL_SEQUENCE_RNN EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE SIN TRANSPOSE_CONV SPARSE_TO_DENSE TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT SHAPE POW ARG_MIN FAKE_QUANT REDUCE_PROD REDUCE_MAX PACK LOGICAL_OR ONE_HOT LOGICAL_AND LOGICAL_NOT UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL FLOOR_MOD RANGE RESIZE_NEAREST_NEIGHBOR LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS SPLIT_V UNIQUE CEIL REVERSE_V2 ADD_N GATHER_ND COS WHERE RANK ELU REVERSE_SEQUENCE MATRIX_DIAG QUANTIZE MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE NON_MAX_SUPPRESSION_V4 NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM BATCH_MATMUL 127 CUMSUM CALL_ONCE BROADCAST_TO RFFT2D CONV_3D IMAG REAL COMPLEX_ABS HASHTABLE HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL CONV_3D_TRANSPOSE VAR_HANDLE READ_VARIABLE ASSIGN_VARIABLE BROADCAST_ARGS RANDOM_STANDARD_NORMAL BUCKETIZE RANDOM_UNIFORM MULTINOMIAL GELU DYNAMIC_UPDATE_SLICE RELU_0_TO_1 UNSORTED_SEGMENT_PROD UNSORTED_SEGMENT_MAX UNSORTED_SEGMENT_SUM ATAN2 UNSORTED_SEGMENT_MIN SIGN BITCAST BITWISE_XOR RIGHT_SHIFT'; // prettier-ignore

/** The name of an operator of the schema. */
export function builtinName(code: number): string {
  return builtins.split(' ')[code] ?? `operator ${code}`;
}

/** How an option is read. */
type Option = (table: FlatTable, field: number) => AttributeValue;

const byte: Option = (table, field) => table.byte(field);
const int: Option = (table, field) => table.int(field);
const one: Option = (table, field) => table.int(field, 1);
const float: Option = (table, field) => table.float(field);
const flag: Option = (table, field) => table.byte(field) !== 0;
const ints: Option = (table, field) => table.ints(field);

type Options = Readonly<Record<string, Option>>;

const fused: Options = { fused_activation_function: byte };
const window: Options = { padding: byte, stride_w: int, stride_h: int };
const dilations: Options = { dilation_w_factor: one, dilation_h_factor: one };
const pool: Options = { ...window, filter_width: int, filter_height: int, ...fused };
const keep: Options = { keep_dims: flag };
const axis: Options = { axis: int };
const block: Options = { block_size: int };

/** The options of operators, in the order of their fields. */
export const optionsOf: Readonly<Record<string, Options>> = /* @__PURE__ */ (() => ({
  CONV_2D: { ...window, ...fused, ...dilations },
  DEPTHWISE_CONV_2D: { ...window, depth_multiplier: int, ...fused, ...dilations },
  TRANSPOSE_CONV: { ...window, ...fused },
  FULLY_CONNECTED: { ...fused, weights_format: byte, keep_num_dims: flag },
  BATCH_MATMUL: { adj_x: flag, adj_y: flag },
  AVERAGE_POOL_2D: pool,
  MAX_POOL_2D: pool,
  L2_POOL_2D: pool,
  ADD: fused,
  SUB: fused,
  MUL: fused,
  DIV: fused,
  CONCATENATION: { ...axis, ...fused },
  SOFTMAX: { beta: float },
  LEAKY_RELU: { alpha: float },
  GELU: { approximate: flag },
  LOCAL_RESPONSE_NORMALIZATION: { radius: int, bias: float, alpha: float, beta: float },
  RESHAPE: { new_shape: ints },
  SQUEEZE: { squeeze_dims: ints },
  // The first two are not used any more.
  RESIZE_BILINEAR: { new_height: int, new_width: int, align_corners: flag, half_pixel_centers: flag },
  RESIZE_NEAREST_NEIGHBOR: { align_corners: flag, half_pixel_centers: flag },
  SPACE_TO_DEPTH: block,
  DEPTH_TO_SPACE: block,
  MEAN: keep,
  SUM: keep,
  REDUCE_MAX: keep,
  REDUCE_MIN: keep,
  REDUCE_PROD: keep,
  REDUCE_ANY: keep,
  REDUCE_ALL: keep,
  CUMSUM: { exclusive: flag, reverse: flag },
  STRIDED_SLICE: {
    begin_mask: int, end_mask: int, ellipsis_mask: int, new_axis_mask: int, shrink_axis_mask: int, offset: flag,
  }, // prettier-ignore
  SPLIT: { num_splits: int },
  PACK: { values_count: int, ...axis },
  UNPACK: { num: int, ...axis },
  GATHER: { ...axis, batch_dims: int },
  ONE_HOT: axis,
  MIRROR_PAD: { mode: byte },
}))();
