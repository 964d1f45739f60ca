/** The layers, as programs make them. Names and defaults are those of Keras. */
import { MultiHeadAttention } from './attention';
import * as convolutions from './convolutions';
import * as core from './core';
import { layerOf } from './factory';
import * as images from './images';
import * as merging from './merging';
import * as normalizing from './normalization';
import * as pooling from './pooling';
import * as recurrent from './recurrent';
import * as wrappers from './wrappers';

export const dense = layerOf(core.Dense);
export const activation = layerOf(core.Activation);
export const reLU = layerOf(core.ReLU);
export const leakyReLU = layerOf(core.LeakyReLU);
export const prelu = layerOf(core.PReLU);
export const elu = layerOf(core.ELU);
export const thresholdedReLU = layerOf(core.ThresholdedReLU);
export const softmax = layerOf(core.Softmax);
export const dropout = layerOf(core.Dropout);
export const spatialDropout1d = layerOf(core.SpatialDropout1D);
export const spatialDropout2d = layerOf(core.SpatialDropout2D);
export const gaussianNoise = layerOf(core.GaussianNoise);
export const gaussianDropout = layerOf(core.GaussianDropout);
export const flatten = layerOf(core.Flatten);
export const reshape = layerOf(core.Reshape);
export const permute = layerOf(core.Permute);
export const repeatVector = layerOf(core.RepeatVector);
export const masking = layerOf(core.Masking);
export const embedding = layerOf(core.Embedding);

export const conv1d = layerOf(convolutions.Conv1D);
export const conv2d = layerOf(convolutions.Conv2D);
export const conv2dTranspose = layerOf(convolutions.Conv2DTranspose);
export const depthwiseConv2d = layerOf(convolutions.DepthwiseConv2D);
export const separableConv2d = layerOf(convolutions.SeparableConv2D);

export const maxPooling1d = layerOf(pooling.MaxPooling1D);
export const maxPooling2d = layerOf(pooling.MaxPooling2D);
export const averagePooling1d = layerOf(pooling.AveragePooling1D);
export const averagePooling2d = layerOf(pooling.AveragePooling2D);
export const globalMaxPooling1d = layerOf(pooling.GlobalMaxPooling1D);
export const globalMaxPooling2d = layerOf(pooling.GlobalMaxPooling2D);
export const globalAveragePooling1d = layerOf(pooling.GlobalAveragePooling1D);
export const globalAveragePooling2d = layerOf(pooling.GlobalAveragePooling2D);

export const batchNormalization = layerOf(normalizing.BatchNormalization);
export const layerNormalization = layerOf(normalizing.LayerNormalization);
export const normalization = layerOf(normalizing.Normalization);

export const concatenate = layerOf(merging.Concatenate);
export const add = layerOf(merging.Add);
export const subtract = layerOf(merging.Subtract);
export const multiply = layerOf(merging.Multiply);
export const average = layerOf(merging.Average);
export const maximum = layerOf(merging.Maximum);
export const minimum = layerOf(merging.Minimum);
export const dot = layerOf(merging.Dot);

export const zeroPadding1d = layerOf(images.ZeroPadding1D);
export const zeroPadding2d = layerOf(images.ZeroPadding2D);
export const cropping1d = layerOf(images.Cropping1D);
export const cropping2d = layerOf(images.Cropping2D);
export const upSampling1d = layerOf(images.UpSampling1D);
export const upSampling2d = layerOf(images.UpSampling2D);
export const rescaling = layerOf(images.Rescaling);
export const resizing = layerOf(images.Resizing);

export const lstm = layerOf(recurrent.LSTM);
export const gru = layerOf(recurrent.GRU);
export const simpleRNN = layerOf(recurrent.SimpleRNN);
export const bidirectional = layerOf(wrappers.Bidirectional);
export const timeDistributed = layerOf(wrappers.TimeDistributed);
export const multiHeadAttention = layerOf(MultiHeadAttention);
