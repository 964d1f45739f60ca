import { hasOtherCopies, isOfAnotherCopy } from '../kernels';
import { wrongArgument } from './argument';
import { isPlainObject, isTensor } from './container';

export { perhapsCopies } from '../kernels';

/**
 * Checks that a container holds no tensor (or other object) of another copy of the library, which would otherwise be ignored. Does nothing
 * if only one copy is loaded.
 *
 * @throws when it does; the message names the operator and the cause
 */
export function assertOwnTensors(operator: string, argument: string, value: unknown): void {
  if (hasOtherCopies()) look(operator, argument, value, new Set());
}

function look(operator: string, argument: string, value: unknown, seen: Set<object>): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || isTensor(value)) return;
  if (seen.has(value)) return;
  seen.add(value);
  if (isOfAnotherCopy(value)) throw wrongArgument(operator, argument, value, 'one of this copy');
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) look(operator, argument, item, seen);
  } else if (isPlainObject(value)) {
    for (const [key, part] of Object.entries(value)) look(operator, `${argument}.${key}`, part, seen);
  }
}
