export * from './tensor';
export * from './streams';
