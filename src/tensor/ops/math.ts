/** What TensorFlow.js keeps in the group `math`. */
export { confusionMatrix } from './bincount';
