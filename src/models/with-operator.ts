/** An error of a run, with the operator in front. Errors of their own kind stay as they are. */
export function withOperator(operator: string, error: unknown): unknown {
  if ((error as Error | null)?.constructor !== Error || (error as Error).message.startsWith(operator))
    return error;
  return new Error(`${operator}: ${(error as Error).message}`, { cause: error });
}
