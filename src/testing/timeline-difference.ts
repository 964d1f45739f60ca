/** What RxJS's TestScheduler compares (lists of notifications, or of subscriptions, with their times), told so that a reader sees why. */
import type { ObservableNotification } from 'rxjs';
import { formatValue, valueDifference } from './value-difference';

interface TimedNotification {
  readonly frame: number;
  readonly notification: ObservableNotification<unknown>;
}

interface SubscriptionSpan {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

type Entry = TimedNotification | SubscriptionSpan;

/** How many lines of a timeline are shown, around the first that differs. */
const SHOWN = 9;

/** What differs, in a few lines, or null. */
export function timelineDifference(
  found: readonly Entry[],
  wanted: readonly Entry[],
  tolerance: number,
): string | null {
  const length = Math.max(found.length, wanted.length);
  for (let i = 0; i < length; i++) {
    const reason = entryDifference(found[i], wanted[i], tolerance);
    if (reason !== null) {
      const what = isSpan(found[i] ?? wanted[i]!) ? 'subscription' : 'notification';
      return [
        `${what} ${i + 1} is not as wanted${reason}`,
        ...shown('found', found, i),
        ...shown('wanted', wanted, i),
      ].join('\n');
    }
  }
  return null;
}

/** What there is to say of how two entries differ, which may be nothing; null where they are the same. Times are compared exactly. */
function entryDifference(
  found: Entry | undefined,
  wanted: Entry | undefined,
  tolerance: number,
): string | null {
  if (!found || !wanted) return '';
  if (isSpan(found) || isSpan(wanted)) return valueDifference(found, wanted, 0) && '';
  if (found.frame !== wanted.frame) return '';
  const difference = valueDifference(found.notification, wanted.notification, tolerance);
  if (!difference) return null;
  const place = /^\.value(.+)$/.exec(difference.path)?.[1];
  return place
    ? ` (at ${place}: ${formatValue(difference.found)} for ${formatValue(difference.wanted)})`
    : '';
}

function shown(title: string, entries: readonly Entry[], at: number): string[] {
  const start = Math.max(0, Math.min(at - (SHOWN >> 1), entries.length - SHOWN));
  const lines = entries.slice(start, start + SHOWN).map((entry, i) => {
    const mark = start + i === at ? '>' : ' ';
    return `  ${mark} ${line(entry)}`;
  });
  const left = entries.length - start - lines.length;
  return [
    `${title}:${entries.length === 0 ? ' nothing' : ''}`,
    ...(start > 0 ? [`    … ${start} before`] : []),
    ...lines,
    ...(left > 0 ? [`    … ${left} more`] : []),
  ];
}

function isSpan(entry: Entry): entry is SubscriptionSpan {
  return 'subscribedFrame' in entry;
}

function line(entry: Entry): string {
  if (isSpan(entry)) {
    const { subscribedFrame, unsubscribedFrame } = entry;
    const end = unsubscribedFrame === Infinity ? 'never' : `at ${unsubscribedFrame} ms`;
    return `subscribed at ${subscribedFrame} ms, unsubscribed ${end}`;
  }
  const { frame, notification } = entry;
  if (notification.kind === 'N') return `${frame} ms: ${formatValue(notification.value)}`;
  return `${frame} ms: ${notification.kind === 'E' ? `error ${formatValue(notification.error)}` : 'complete'}`;
}
