// The methods of TensorFlow.js's tensors, which the package `@tensorflow/tfjs` adds to its core.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
