import { bucketsOf, type Bucket } from './buckets';
import type { Layout } from './layout';
import { encodePiece, HEADER_BYTES, headerOfPiece, valuesOfPiece, type PieceKind } from './messages';
import { Round, type Missing } from './round';
import { ALL } from './subjects';
import type { View } from './view';

/** Where pieces go. */
export interface Outbox {
  readonly send: (kind: PieceKind, receiver: string, bytes: Uint8Array) => void;
  /** The view may have changed. */
  readonly noteNewer: () => void;
  /** A piece brought a round forward. */
  readonly wake: () => void;
}

/** A bucket is no larger. */
export const BUCKET_BYTES = 1 << 20;
/** What was sent so many ms ago is not sent again: the question for it had been asked before. */
const ON_THE_WAY_MS = 200;
/** Messages of a coming epoch that wait for it take at most this many times the bytes of a vector. */
const WAITING_VECTORS = 8;

/**
 * The exchanges of one member: of the step that is under way, of the step before, for members that lack something of it, and of the next, which a
 * faster member may have begun. Lockstep means that there are no others.
 */
export class Rounds {
  /** How many steps have been taken. */
  step = 0;
  readonly #rounds = new Map<number, Round>();
  #view: View | null = null;
  /** Whether all members of the view have agreed on a step. */
  #isSettled = false;
  #rank = -1;
  #buckets: readonly Bucket[] = [];
  /** The length of the vector; null before the first is known. */
  #length: number | null = null;
  /** Pieces of a coming epoch, or that came before the length was known. */
  #waiting: { readonly bytes: Uint8Array; readonly sender: string }[] = [];
  #waitingBytes = 0;
  /** When the last piece of each member came, in ms. */
  readonly #heard = new Map<string, number>();

  /**
   * @param name of this member
   * @param layout whose hash messages carry
   * @param maxPayload the bytes that a message may have
   */
  constructor(
    private readonly name: string,
    private readonly layout: Layout,
    private readonly maxPayload: () => number,
    private readonly outbox: Outbox,
  ) {}

  /** Follows a view from now on: nothing of an earlier one counts any more. */
  adopt(view: View, life: number): void {
    this.#rounds.clear();
    this.#heard.clear();
    this.#view = view;
    this.#isSettled = false;
    this.#rank = view.members.findIndex((each) => each.name === this.name && each.life === life);
    this.#cut();
  }

  /** This member is at one step with all others: what came meanwhile counts. */
  settle(): void {
    this.#isSettled = true;
    this.#cut();
  }

  /** The exchange of a step; made when it is not there yet. */
  #round(step: number): Round {
    const found = this.#rounds.get(step);
    if (found) return found;
    const made = new Round(this.#buckets, this.#view!.members.length, this.#rank);
    this.#rounds.set(step, made);
    return made;
  }

  /** Sends this member's vector of the step under way. Returns its round. */
  begin(vector: Float32Array, weight: number): Round {
    if (this.#length !== vector.length) {
      this.#length = vector.length;
      this.#rounds.clear();
      this.#cut();
    }
    for (const step of this.#rounds.keys()) if (step < this.step - 1) this.#rounds.delete(step);
    const round = this.#round(this.step);
    if (round.isBegun) return round;
    const complete = round.begin(vector, weight);
    this.#buckets.forEach(({ owners }, bucket) => {
      for (const owner of owners) if (owner !== this.#rank) this.#sendPart(this.step, round, bucket, owner);
    });
    for (const bucket of complete) this.#sendSum(this.step, round, bucket, ALL);
    return round;
  }

  /** Takes a message of another member. @throws if it is refused */
  receive(bytes: Uint8Array, sender: string): void {
    const header = headerOfPiece(bytes);
    if (typeof header === 'string') throw new Error(`a piece of '${sender}' is not right: ${header}`);
    const { kind, life, epoch, step, bucket, elements, weight } = header;
    if (header.layout !== this.layout.hash)
      throw new Error(`a piece of '${sender}' belongs to another layout`);
    const view = this.#view;
    if (!view || !this.#isSettled || this.#length === null || epoch > view.epoch) {
      if (!view || epoch >= view.epoch) this.#keepWaiting(bytes, sender);
      if (view && epoch > view.epoch) this.outbox.noteNewer();
      return;
    }
    // What belongs to the past comes from a member that has not noticed yet.
    if (epoch < view.epoch || step < this.step - 1) return;
    const rank = view.members.findIndex((each) => each.name === sender && each.life === life);
    if (rank < 0) throw new Error(`a piece came from '${sender}', which is no member`);
    if (step > this.step + 1)
      throw new Error(`a piece of '${sender}' is of step ${step}, at step ${this.step}`);
    const round = this.#round(step);
    if (!round.fits(kind, bucket, rank, elements))
      throw new Error(
        `a piece of '${sender}' has ${elements} elements of bucket ${bucket}, which it has not`,
      );
    const hasCome = round.has(kind, bucket, rank);
    const values = hasCome ? null : valuesOfPiece(bytes);
    if (!values && !hasCome) throw new Error(`a piece of '${sender}' is damaged`);
    this.#heard.set(sender, performance.now());
    if (!values) return;
    if (kind === 'sum') round.addSum(bucket, values);
    else if (round.addPart(bucket, rank, values, weight)) this.#sendSum(step, round, bucket, ALL);
    if (round.isComplete || kind === 'sum') this.outbox.wake();
  }

  /**
   * Sends again what a member asks for, as far as it is known. Returns whether all of that can come: this member's own vector of the step is ready, and
   * no sum waits for the part of a third one.
   */
  sendAgain(step: number, to: string, parts: readonly number[], sums: readonly number[]): boolean {
    const round = this.#rounds.get(step);
    if (!round?.isBegun) return false;
    const rank = this.#view!.members.findIndex(({ name }) => name === to);
    for (const bucket of parts)
      if (this.#buckets[bucket]?.owners.includes(rank) && !round.isOnTheWay('part', bucket, ON_THE_WAY_MS))
        this.#sendPart(step, round, bucket, rank);
    for (const bucket of sums)
      if (
        this.#buckets[bucket]?.owners.includes(this.#rank) &&
        !round.isOnTheWay('sum', bucket, ON_THE_WAY_MS)
      )
        this.#sendSum(step, round, bucket, to);
    return sums.every((bucket) => !this.#buckets[bucket] || round.sumOf(bucket));
  }

  /**
   * What the step under way lacks of members that have sent nothing for so many ms, by their names. From others it is still on the way: to ask for it would have
   * it sent twice.
   */
  missing(round: Round, silence: number): (Missing & { readonly name: string })[] {
    const since = performance.now() - silence;
    return round
      .missing()
      .map((each) => ({ ...each, name: this.#view!.members[each.rank]!.name }))
      .filter(({ name }) => (this.#heard.get(name) ?? -Infinity) <= since);
  }

  #sendPart(step: number, round: Round, bucket: number, owner: number): void {
    const { name } = this.#view!.members[owner]!;
    round.noteSent('part', bucket);
    this.outbox.send('part', name, this.#piece('part', step, bucket, round.partOf(bucket), round.weight));
  }

  #sendSum(step: number, round: Round, bucket: number, to: string): void {
    const sum = round.sumOf(bucket);
    const allSumIt = this.#buckets[bucket]!.owners.length === this.#view!.members.length;
    if (!sum || allSumIt) return;
    if (to === ALL) round.noteSent('sum', bucket);
    this.outbox.send('sum', to, this.#piece('sum', step, bucket, sum, 1));
  }

  #piece(kind: PieceKind, step: number, bucket: number, values: Float32Array, weight: number): Uint8Array {
    const { epoch, members } = this.#view!;
    const { life } = members[this.#rank]!;
    const header = {
      kind,
      layout: this.layout.hash,
      life,
      epoch,
      step,
      bucket,
      elements: values.length,
      weight,
    };
    return encodePiece(header, values);
  }

  /** Lays out the buckets for the present members, and takes what waited. */
  #cut(): void {
    if (this.#length === null || !this.#view || !this.#isSettled) return;
    const bytes = Math.min(BUCKET_BYTES, this.maxPayload() - HEADER_BYTES);
    this.#buckets = bucketsOf(this.#length, this.#view.members.length, Math.floor(bytes / 4));
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const { bytes: piece, sender } of waiting) {
      try {
        this.receive(piece, sender);
      } catch {
        // It was meant for a view that never came; its sender is asked again if it is missed.
      }
    }
  }

  #keepWaiting(bytes: Uint8Array, sender: string): void {
    const elements = this.#length ?? this.layout.segments.reduce((sum, { size }) => sum + size, 0);
    const most = WAITING_VECTORS * Math.max(4 * elements, BUCKET_BYTES);
    if (this.#waitingBytes + bytes.length > most) return;
    const copy = new Uint8Array(bytes.length);
    copy.set(bytes);
    this.#waiting.push({ bytes: copy, sender });
    this.#waitingBytes += bytes.length;
  }
}
