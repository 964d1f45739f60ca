/**
 * How many tensors are alive, variables included. Whoever makes or ends one changes the number by an assignment: a call could fail, where
 * the engine's stack has run over, after the tensor has got its owner.
 */
export const living = { tensors: 0 };
