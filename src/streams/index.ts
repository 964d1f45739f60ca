export { waitUntil } from './emission';
export { isHostArray, type HostArray } from './host-array';
export { batch, type Batched, type BatchOptions } from './operators/batch';
export { download, type Downloaded } from './operators/download';
export { mapTensor } from './operators/map-tensor';
export { own } from './operators/own';
export { predict } from './operators/predict';
export { scanTensor } from './operators/scan-tensor';
export { scoped } from './operators/scoped';
export { shuffle } from './operators/shuffle';
export { trainStep, type TrainStepOptions } from './operators/train-step';
export type { PullOptions } from './pull';
export {
  examples,
  type Example,
  type ExampleColumn,
  type ExampleData,
  type ExamplesOptions,
  type ExampleTable,
} from './sources/examples';
