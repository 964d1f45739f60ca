/**
 * Functions that matrix products and convolutions can apply to a result as they store it. Their derivatives are computed from the
 * result, so that the tape need not keep the argument.
 */
export type Activation = 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyRelu';
