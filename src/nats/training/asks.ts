import {
  expected,
  faultMessage,
  fields,
  integer,
  list,
  oneOf,
  optional,
  orNull,
  text,
  type Expected,
  type ExpectedOf,
} from '../../streams/checks/schema';

/** A question to a member: whether it is there, where it stands, and perhaps to send again what did not arrive. */
export interface Ask {
  /** The life of who asks. */
  readonly life: number;
  readonly epoch: number;
  /** The step whose pieces are wanted, or that of the next batch of who asks; null when its batches have ended. */
  readonly step: number | null;
  /** The buckets whose parts are wanted. */
  readonly parts: readonly number[];
  /** The buckets whose sums are wanted. */
  readonly sums: readonly number[];
}

/** The answer to an {@link Ask}. */
export interface Standing {
  readonly life: number;
  /** The epoch of the view that it follows. */
  readonly epoch: number;
  /** How many steps it has taken. */
  readonly step: number;
  /** Whether its variables are not those of the run yet. */
  readonly isBlank: boolean;
  /** Whether its own vector of the step asked for is ready, so that what is wanted should come. */
  readonly isReady: boolean;
  /** How many rows its batch of the step asked for has; null when it does not know, or each member has batches of its own. */
  readonly rows: number | null;
}

/** The answer to a question for the state: the name of an object in the store; null while that is being written. */
export interface StateNotice {
  readonly object: string | null;
  readonly step: number;
  readonly epoch: number;
  /** Why it cannot be written; left out where it can be. */
  readonly fault?: string;
}

const WORD = 2 ** 32 - 1;
/** No message names more buckets. */
const MOST_BUCKETS = 65536;
const word = integer(0, WORD);
const truth = oneOf([true, false]);
const bucketList: Expected = (value, field) =>
  expected(`at most ${MOST_BUCKETS} buckets`, (each) => Array.isArray(each) && each.length <= MOST_BUCKETS)(
    value,
    field,
  ) ?? list(word)(value, field);

const schemas = {
  ask: fields({
    life: word,
    epoch: word,
    step: orNull(word),
    parts: bucketList,
    sums: bucketList,
  } satisfies ExpectedOf<Ask>),
  standing: fields({
    life: word,
    epoch: word,
    step: word,
    isBlank: truth,
    isReady: truth,
    rows: orNull(word),
  } satisfies ExpectedOf<Standing>),
  state: fields({
    ...{ object: orNull(text), step: word, epoch: word },
    fault: optional(text),
  } satisfies ExpectedOf<StateNotice>),
};

interface Messages {
  readonly ask: Ask;
  readonly standing: Standing;
  readonly state: StateNotice;
}

/** Questions and answers are small; what is longer is none. */
const MOST_BYTES = 1 << 20;

export function encodeMessage<K extends keyof Messages>(_kind: K, message: Messages[K]): string {
  return JSON.stringify(message);
}

/** @throws when the bytes are no such message */
export function decodeMessage<K extends keyof Messages>(kind: K, bytes: Uint8Array): Messages[K] {
  if (bytes.length > MOST_BYTES)
    throw new Error(`a message of ${bytes.length} bytes; wanted at most ${MOST_BYTES}`);
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  const fault = schemas[kind](value, '');
  if (fault) throw new Error(faultMessage(fault));
  return value as Messages[K];
}
