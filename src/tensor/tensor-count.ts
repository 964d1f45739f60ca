/**
 * The number of living tensors, variables included. It is changed by assignments, not by a function: a call could fail by a stack overflow
 * after the tensor has got its owner, and leave the number wrong.
 */
export const living = { tensors: 0 };
