// TensorFlow.js, with its CPU backend, as the oracle.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
// Some of its gradients call methods of tensors.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-backend-cpu';
// Its production mode prints no advice to users of Node, and does not look for NaN after each kernel.
tf.env().set('PROD', true);
export { tf };
