export { confusionMatrix } from './bincount';
