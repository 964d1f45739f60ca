import type { Tensor1D, Tensor3D } from 'rxtensor';
import type { GraphModel } from 'rxtensor/models';
import { letterbox } from 'rxtensor/vision';

/** The side of the pictures that MoveNet takes. */
const SIDE = 192;
/** The last layer of its body, a MobileNetV2: 6 × 6 places with 1,280 features each. What follows knows only joints. */
export const LAYER =
  'StatefulPartitionedCall/center_net_mobile_net_v2fpn_feature_extractor/model_1/model/out_relu/Relu6';
/** They are averaged over the quarters of the picture, so that left and right, up and down stay apart. */
const QUARTERS = 4;
export const FEATURES = QUARTERS * 1280;
/** The length of the vector of features, which the head's learning rate fits. */
const LENGTH = 10;

/** What a trained model sees in a picture, without an opinion on what it means: [FEATURES]. */
export function featuresOf(model: GraphModel, picture: Tensor3D): Tensor1D {
  const { image } = letterbox(picture, [SIDE, SIDE]);
  const maps = model.execute(image.mul(255).toInt(), LAYER);
  const features = maps
    .as4D(...(maps.shape as [number, number, number, number]))
    .avgPool(3, 3, 'valid')
    .flatten();
  return features.div(features.norm().add(1e-6)).mul(LENGTH);
}
