// TensorFlow.js, with its CPU backend, as the oracle.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';

// Its production mode prints no advice to users of Node, and does not look for NaN after each kernel.
tf.env().set('PROD', true);
await tf.setBackend('cpu');

export { tf };
