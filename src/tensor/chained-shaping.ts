/** The methods for the shaping, slicing, indexing and resizing ops. */
import type { DataType } from '../kernels';
import { readValues, readValuesNow } from './device';
import { bincount, confusionMatrix, denseBincount, unsortedSegmentSum } from './ops/bincount';
import { ensureShape } from './ops/broadcasting';
import { gatherND, scatterND, tensorScatterUpdate } from './ops/gather-nd';
import { booleanMaskAsync, setdiff1dAsync, unique, whereAsync } from './ops/host';
import { resizeBilinear, resizeNearestNeighbor } from './ops/image';
import * as ranked from './ops/ranked';
import { lowerBound, searchSorted, topk, upperBound } from './ops/sorting';
import { batchToSpaceND, depthToSpace, spaceToBatchND } from './ops/space-batch';
import { stridedSlice } from './ops/strided-slice';
import type { Rank } from './rank';
import type { Tensor } from './tensor';
import { TensorBuffer } from './tensor-buffer';

// Functions that take a list of tensors are not methods.
const { concat1d: _1d, concat2d: _2d, concat3d: _3d, concat4d: _4d, ...ofOneRank } = ranked;

export const shapingForms = {
  ...ofOneRank,
  ...{ stridedSlice, ensureShape, gatherND, scatterND, tensorScatterUpdate },
  ...{
    unsortedSegmentSum,
    bincount,
    denseBincount,
    confusionMatrix,
    topk,
    searchSorted,
    lowerBound,
    upperBound,
  },
  ...{ batchToSpaceND, spaceToBatchND, depthToSpace, resizeBilinear, resizeNearestNeighbor },
  ...{ unique, setdiff1dAsync, whereAsync, booleanMaskAsync },
  buffer: async (x: Tensor): Promise<TensorBuffer<Rank, DataType>> =>
    new TensorBuffer(x.shape, x.dtype, await readValues('buffer', x)),
  bufferSync: (x: Tensor): TensorBuffer<Rank, DataType> =>
    new TensorBuffer(x.shape, x.dtype, readValuesNow('bufferSync', x, 'await buffer()')),
};
