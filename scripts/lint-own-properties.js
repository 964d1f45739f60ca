// A lint rule that forbids `Object.assign`, and `object[key] = value` where the key may be any text. Such a key may come from a program's
// data or a file, and `__proto__` would set the object's prototype. `setOwn` of src/tensor/own-property.ts is safe.
import ts from 'typescript';

const message =
  'A key may be any text, `__proto__` too: use setOwn(object, key, value) of src/tensor/own-property.ts, or Object.fromEntries.';

/** Functions that set properties as an assignment does. */
const SETTERS = ['Object.assign', 'Reflect.set'];

/**
 * Whether a key of that type may be any text, rather than a number or one of a few names.
 *
 * @param {ts.Type} type
 * @param {ts.TypeChecker} checker
 * @returns {boolean}
 */
function isAnyText(type, checker) {
  if (type.isUnion()) return type.types.some((each) => isAnyText(each, checker));
  if (type.flags & (ts.TypeFlags.TypeParameter | ts.TypeFlags.Index | ts.TypeFlags.IndexedAccess)) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint === undefined || constraint === type || isAnyText(constraint, checker);
  }
  const { String: text, Any, Unknown, TemplateLiteral } = ts.TypeFlags;
  return (type.flags & (text | Any | Unknown | TemplateLiteral)) !== 0;
}

/** @type {import('eslint').Rule.RuleModule} */
export const ownProperties = {
  meta: { type: 'problem', schema: [], messages: { anyKey: message } },
  create(context) {
    /** The parser services of typescript-eslint: `{program, getTypeAtLocation}`. */
    const { program, getTypeAtLocation } = context.sourceCode.parserServices;
    return {
      'AssignmentExpression > MemberExpression.left[computed=true]'(/** @type {any} */ node) {
        if (isAnyText(getTypeAtLocation(node.property), program.getTypeChecker())) {
          context.report({ node, messageId: 'anyKey' });
        }
      },
      CallExpression(node) {
        if (SETTERS.includes(context.sourceCode.getText(node.callee))) {
          context.report({ node, messageId: 'anyKey' });
        }
      },
    };
  },
};
