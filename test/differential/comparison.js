// Calls an op of both libraries with the same arguments, and says where the results differ.
import * as dl from 'rxtensor/tensor';
import { difference } from '../../src/testing/close';
import { operandsOf, withTensors } from './operand';
import { tf } from './oracle';
const ours = {
    isTensor: (value) => value instanceof dl.Tensor,
    make: ({ dtype, shape, values }) => dl.tensor(Float32Array.from(values), [...shape], dtype),
    read: (y) => ({ dtype: y.dtype, shape: y.shape, values: Array.from(y.dataSync()) }),
    tidy: (work) => dl.tidy(work),
    gradients: (f, xs, weights) => dl.grads((...each) => {
        const parts = f(...each).map((y) => dl.sum(dl.mul(y, weights(y))));
        return dl.addN([...parts, ...each.map((x) => dl.mul(dl.sum(x), 0))]);
    })(xs),
};
const theirs = {
    isTensor: (value) => value instanceof tf.Tensor,
    make: ({ dtype, shape, values }) => tf.tensor(dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values), [...shape], dtype),
    read: (y) => ({ dtype: y.dtype, shape: y.shape, values: Array.from(y.dataSync()) }),
    tidy: (work) => tf.tidy(work),
    gradients: (f, xs, weights) => tf.grads((...each) => {
        const parts = f(...each).map((y) => tf.sum(tf.mul(y, weights(y))));
        return tf.addN([...parts, ...each.map((x) => tf.mul(tf.sum(x), 0))]);
    })(xs),
};
/** The tensors of a result: itself, or those it lists or names, by name. */
function tensorsOf({ isTensor }, result) {
    if (isTensor(result))
        return [result];
    if (Array.isArray(result))
        return result.flatMap((each) => tensorsOf({ isTensor }, each));
    const named = result;
    return Object.keys(named)
        .sort()
        .flatMap((name) => tensorsOf({ isTensor }, named[name]));
}
function forward(library, call, args) {
    return library.tidy(() => {
        const result = call(...withTensors(args, library.make));
        return tensorsOf(library, result).map(library.read);
    });
}
/** Some numbers between −1 and 1, no two neighbours alike. */
const weightsOf = ({ shape, values }) => ({
    dtype: 'float32',
    shape,
    values: values.map((_, i) => (((i * 37) % 17) - 8) / 8 || 0.75),
});
function backward(library, call, args, by) {
    const all = operandsOf(args);
    const variable = by ? by.map((i) => all[i]) : all.filter(({ dtype }) => dtype === 'float32');
    return library.tidy(() => library
        .gradients((...xs) => {
        const tensors = withTensors(args, (each) => {
            const place = variable.indexOf(each);
            return place < 0 ? library.make(each) : xs[place];
        });
        return tensorsOf(library, call(...tensors));
    }, variable.map(library.make), (y) => library.make(weightsOf(library.read(y))))
        .map(library.read));
}
function expectSame(found, wanted, tolerance) {
    if (found.length !== wanted.length)
        throw new Error(`found ${found.length} tensors; wanted ${wanted.length}`);
    wanted.forEach((each, i) => {
        const label = wanted.length === 1 ? '' : `tensor ${i}: `;
        const result = found[i];
        if (result.dtype !== each.dtype)
            throw new Error(`${label}found ${result.dtype}; wanted ${each.dtype}`);
        const wrong = difference(result, each, tolerance);
        if (wrong !== null)
            throw new Error(label + wrong);
    });
}
function named(exports, path) {
    const found = path.split('.').reduce((at, name) => at[name], exports);
    if (typeof found !== 'function')
        throw new Error(`there is no '${path}'`);
    return found;
}
const ourCall = (name, row) => row.ours ?? named(dl, row.op ?? name);
const theirCall = (name, row) => row.oracle ?? named(tf, row.op ?? name);
/** @throws where the results of an op differ */
export function compareResults(name, row, args, tolerance) {
    const wanted = row.definition
        ? row.definition(...args)
        : forward(theirs, theirCall(name, row), args);
    expectSame(forward(ours, ourCall(name, row), args), wanted, tolerance);
}
/** @throws where the gradients of an op differ */
export function compareGradients(name, row, args, tolerance) {
    const wanted = backward(theirs, theirCall(name, row), args, row.by);
    expectSame(backward(ours, ourCall(name, row), args, row.by), wanted, tolerance);
}
