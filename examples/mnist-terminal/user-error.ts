/** Something that whoever typed the command can put right: told in one line, without a stack trace. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** The first line of what an error says. */
export function firstLineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}
