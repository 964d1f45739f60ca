export function isOperand(argument) {
    return typeof argument === 'object' && argument !== null && 'dtype' in argument && 'values' in argument;
}
/** All operands of some arguments, in the order they are written. */
export function operandsOf(argument) {
    if (typeof argument !== 'object' || argument === null)
        return [];
    if (isOperand(argument))
        return [argument];
    const inner = Array.isArray(argument) ? argument : Object.values(argument);
    return inner.flatMap(operandsOf);
}
/** The arguments with each operand replaced. */
export function withTensors(argument, make) {
    if (typeof argument !== 'object' || argument === null)
        return argument;
    if (isOperand(argument))
        return make(argument);
    if (Array.isArray(argument))
        return argument.map((each) => withTensors(each, make));
    return Object.fromEntries(Object.entries(argument).map(([name, each]) => [name, withTensors(each, make)]));
}
