/** What a command of a console does: a reading answers by itself, beside an app that may run; all else is asked of that app. */
import { boundTo } from '../core/change/span.js';
import { thisPc } from '../core/cmdlets/ref.js';
import { vmsCalled } from '../core/machine/called.js';
import type { Translator } from '../text/index.js';
import type { Command, Review } from './command-line.js';
import { checkOf, listOf, made, planOf, type RefusedReport, type Report, type Told } from './command-report.js';
import type { HandedAnswer } from './handed.js';
import { goalOf, notCalled } from './line-goal.js';
import { readOnce, type Once } from './once.js';
import type { Place } from './place.js';

/** What the app that runs, or was started for it, has said so far and says from now on. */
export interface Hearing {
  readonly answers: AsyncIterable<HandedAnswer>;
  readonly reached: (milliseconds: number) => Promise<boolean>;
}

export interface CommandOptions {
  readonly t: Translator;
  readonly appVersion: string;
  /** That are listed beside this PC. */
  readonly hosts: readonly unknown[];
  readonly openPlace: () => Promise<Place>;
  /** Asks the app that runs to end; undefined: none runs. */
  readonly askEnd: () => Promise<Hearing | undefined>;
  /** Opens a review in the app that runs, or in one that it starts. */
  readonly askReview: (review: Review) => Promise<Hearing>;
  /** Said meanwhile, to who waits. */
  readonly say: (line: string) => void;
}

/** Milliseconds until the app must have called back: it may have to start first. */
const longestCall = 30_000;
/** And until it has gone, where it has not said how long it waits; and beyond what it has said. */
const longestEnd = 30_000;
const beyondWait = 60_000;

export async function reportFor(
  command: Exclude<Command, { readonly kind: 'help' }>,
  options: CommandOptions,
): Promise<Report> {
  switch (command.kind) {
    case 'version':
      return { ...made, kind: 'version', app: options.appVersion };
    case 'end':
      return await endOf(options);
    case 'apply':
    case 'undo':
      return await reviewOf(await options.askReview(command), options);
    case 'list':
    case 'check':
    case 'plan':
      return await readingOf(command, options);
  }
}

type Reading = Extract<Command, { readonly kind: 'list' | 'check' | 'plan' }>;

async function readingOf(command: Reading, { openPlace, hosts, t, say }: CommandOptions): Promise<Report> {
  const place = await openPlace();
  const simulated = place.source.kind === 'simulated';
  if (simulated) say(t('command.simulated'));
  const once = await readOnce(place, { thirdParty: command.kind === 'check' }).catch(() => undefined);
  if (!once) {
    await place.close();
    return refusedOf('unread', t);
  }
  try {
    return await answerOf(command, once, { t, simulated, isBound: boundTo([thisPc], { hosts }) !== undefined });
  } finally {
    await once.close();
  }
}

async function answerOf(command: Reading, { machine, hasVms, plan }: Once, told: Told): Promise<Report> {
  const { t } = told;
  if (!machine) return refusedOf('unread', t);
  // What keeps the VMs away is a check of this PC.
  if (command.kind === 'check' && command.vm === undefined) return checkOf(machine, undefined, told);
  if (!hasVms || machine.vms === undefined) return refusedOf('unread', t);
  if (command.kind === 'list') return listOf(machine, told);
  const called = vmsCalled(machine.vms, command.kind === 'check' ? [command.vm ?? ''] : command.vms);
  if (called.kind !== 'found') {
    const { why, word, vms } = notCalled(called);
    return refusedOf(why, t, word, vms);
  }
  if (command.kind === 'check') return checkOf(machine, called.vms[0], told);
  const goal = goalOf(called.vms, command.want);
  const shown = goal ? await plan(goal) : ({ kind: 'unexpected' } as const);
  if ('kind' in shown || (told.isBound && !machine.host.name)) return refusedOf('unread', t);
  return planOf(shown, machine, told);
}

async function endOf({ askEnd, say, t }: CommandOptions): Promise<Report> {
  const hearing = await askEnd();
  if (!hearing) return { ...made, kind: 'end', outcome: 'not-running' };
  if (!(await hearing.reached(longestCall))) return refusedOf('no-answer', t);
  let isEnding = false;
  const told = inTime(hearing.answers, longestEnd, (answer) =>
    answer.kind === 'waits' ? answer.seconds * 1000 + beyondWait : undefined,
  );
  for await (const answer of told) {
    if (answer === 'late') return refusedOf('no-answer', t);
    if (answer.kind === 'waits') say(t('command.endWaits', { time: answer.seconds }));
    if (answer.kind === 'kept') return { ...made, kind: 'end', outcome: 'kept' };
    isEnding ||= answer.kind === 'ending';
  }
  // Its end of the line has gone: after this word, and it with it.
  return isEnding ? { ...made, kind: 'end', outcome: 'ended' } : refusedOf('no-answer', t);
}

/** What is said until the time is up, which an answer can set anew. */
async function* inTime(
  answers: AsyncIterable<HandedAnswer>,
  first: number,
  anew: (answer: HandedAnswer) => number | undefined,
): AsyncGenerator<HandedAnswer | 'late'> {
  const iterator = answers[Symbol.asyncIterator]();
  let end = (): void => undefined;
  const late = new Promise<'late'>((resolve) => (end = () => resolve('late')));
  let timer = setTimeout(end, first);
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), late]);
      if (next === 'late') {
        yield next;
        return;
      }
      if (next.done) return;
      const more = anew(next.value);
      if (more !== undefined) {
        clearTimeout(timer);
        timer = setTimeout(end, more);
      }
      yield next.value;
    }
  } finally {
    clearTimeout(timer);
  }
}

async function reviewOf(hearing: Hearing, { say, t }: CommandOptions): Promise<Report> {
  if (!(await hearing.reached(longestCall))) return refusedOf('no-answer', t);
  let begun: string | undefined;
  for await (const answer of hearing.answers) {
    if (answer.kind === 'started') begun = answer.change;
    if (answer.kind === 'opened') say(t('command.reviewOpen'));
    if (answer.kind === 'refused') return refusedOf(answer.why, t, answer.word, answer.vms);
    if (answer.kind === 'decided') return { ...made, kind: 'change', outcome: answer.outcome, change: answer.change };
  }
  // The app has gone without a word.
  if (begun === undefined) return refusedOf('no-answer', t);
  return { ...made, kind: 'change', outcome: 'failed', change: begun };
}

export function refusedOf(
  why: RefusedReport['why'],
  t: Translator,
  word = '',
  vms: RefusedReport['vms'] = [],
): RefusedReport {
  const message = {
    'wrong-arguments': () => word,
    'unknown-vm': () => t('command.unknownVm', { name: word }),
    'several-vms': () => t('command.severalVms', { name: word }),
    'no-change': () => t('command.noChange', { change: word }),
    'nothing-to-undo': () => t('command.nothingToUndo'),
    unread: () => t('command.unread'),
    'no-answer': () => t('command.noAnswer'),
    failed: () => t('command.failed', { error: word }),
  }[why]();
  return { ...made, kind: 'refused', why, message, vms };
}
