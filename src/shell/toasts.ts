/** What a toast says. Pure; notifications.ts shows it. */
import type { VmRef } from '../core/cmdlets/ref.js';
import type { Change } from '../core/change/step.js';
import { leftOff, longestOff, progressOf, stepsOf } from '../core/run/progress.js';
import type { RunRecord } from '../core/run/record.js';
import { textOfLink, type Link } from '../core/machine/link.js';
import type { Message, Translator } from '../text/index.js';

/** Where a click leads. */
export type ToastTarget =
  | { readonly kind: 'run'; readonly run: string }
  | { readonly kind: 'undo'; readonly run: string }
  | { readonly kind: 'vm'; readonly vm: VmRef }
  | { readonly kind: 'settings' };

export interface Toast {
  readonly title: string;
  readonly body: string;
  readonly click: ToastTarget;
  readonly action?: { readonly label: string; readonly target: ToastTarget };
}

/** `news`: what was started has ended. `answer`: to a click of just now in the tray, where nothing else can say it. */
export type ToastKind = 'news' | 'answer';

/** The one rule: news is for whoever does not look at the window, and has not turned it off. An answer is always given. */
export function isSaid(
  kind: ToastKind,
  { isWanted, isLookedAt }: { readonly isWanted: boolean; readonly isLookedAt: boolean },
): boolean {
  return kind === 'answer' || (isWanted && !isLookedAt);
}

/** Once, when the window was closed and the app goes on without it. */
export const trayHint = (t: Translator): Toast => ({
  title: t('tray.hintTitle'),
  body: t('tray.hintBody'),
  click: { kind: 'settings' },
});

/** A newer version of the app is there, and nothing installs it by itself. */
export const newerThere = (version: string, t: Translator): Toast => ({
  title: t('tray.newerTitle', { version }),
  body: t('tray.newerBody'),
  click: { kind: 'settings' },
});

/** A VM whose screen could not be opened. */
export const notConnected = (
  { vm, name }: { readonly vm: VmRef; readonly name: string },
  isSimulated: boolean,
  t: Translator,
): Toast => ({
  title: t('tray.connectTitle', { name }),
  body: t(isSimulated ? 'machines.connectSimulated' : 'machines.connectFailed', { name }),
  click: { kind: 'vm', vm },
});

/** When a run has ended; `undefined` while it runs. What ran before and does not run now is named. */
export function toastOfRun(record: RunRecord, t: Translator): Toast | undefined {
  const toast = toastOfOutcome(record, t);
  const names = leftOff(progressOf(record.plan, record.events));
  if (!toast || names.length === 0) return toast;
  return { ...toast, body: t(names.length === 1 ? 'wizard.leftOff' : 'wizard.leftOffMany', { names }) };
}

function toastOfOutcome(record: RunRecord, t: Translator): Toast | undefined {
  const { outcome, plan, goal } = record;
  if (outcome === undefined) return undefined;
  const [first] = plan.chains;
  if (!first) return undefined;
  const { name } = first;
  const count = plan.chains.length;
  const isOne = count === 1;
  const changed = changesDone(record);
  const click: ToastTarget = { kind: 'run', run: record.id };
  const isBack = goal.kind === 'undo';
  const action =
    changed.length > 0 && !isBack
      ? { action: { label: t('tray.undo'), target: { kind: 'undo', run: record.id } as const } }
      : {};
  switch (outcome) {
    case 'done': {
      const title = isBack
        ? isOne
          ? t('tray.undoTitle', { name })
          : t('tray.undoManyTitle', { count })
        : isOne
          ? t.message(titleOfChanges(changed, name))
          : t('tray.doneManyTitle', { count });
      return { title, body: bodyOfDone(record, changed.length, t), click, ...action };
    }
    case 'partly':
      return {
        title: isOne ? t('tray.failedTitle', { name }) : t('tray.failedManyTitle'),
        body: t('tray.partlyBody'),
        click,
        ...action,
      };
    case 'failed':
      return {
        title: isOne ? t('tray.failedTitle', { name }) : t('tray.failedManyTitle'),
        body: changed.length > 0 ? t('tray.failedBody') : t('tray.partlyBody'),
        click,
        ...action,
      };
    case 'cancelled':
      return {
        title: isOne ? t('tray.cancelledTitle', { name }) : t('tray.cancelledManyTitle'),
        body: t('tray.partlyBody'),
        click,
        ...action,
      };
    case 'unknown':
      return {
        title: isOne ? t('tray.unknownTitle', { name }) : t('tray.unknownManyTitle'),
        body: t('tray.unknownBody'),
        click,
      };
  }
}

/** The same place as a link: whoever clicks a toast of an earlier start is led there by Windows. */
export function linkOfTarget(target: ToastTarget): Link {
  switch (target.kind) {
    case 'run':
      return { to: 'history', run: target.run };
    case 'undo':
      return { to: 'undo', run: target.run };
    case 'vm':
      return { to: 'vm', vm: target.vm };
    case 'settings':
      return { to: 'settings' };
  }
}

/** What others named is text here, whatever it is spelled like. */
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => `&#${String(letter.charCodeAt(0))};`).replace(/[^\t\n\r\x20-\ufffd]/g, '');

/**
 * Whether a toast leads by links: on Windows, where an installer has registered them (`handler`, the name of who opens them). Else a click
 * is heard by the start that has shown it, and by no later one.
 */
export const isLinked = (
  platform: NodeJS.Platform,
  { isPackaged, handler }: { readonly isPackaged: boolean; readonly handler: string },
): boolean => platform === 'win32' && isPackaged && handler !== '';

/** As Windows takes it. Its clicks are links, and answered by the app that runs or by a new start of it. */
export function toastXml({ title, body, click, action }: Toast): string {
  const leads = (target: ToastTarget): string => escaped(textOfLink(linkOfTarget(target)));
  const button = action
    ? `<actions><action content="${escaped(action.label)}" activationType="protocol" arguments="${leads(action.target)}"/></actions>`
    : '';
  return (
    `<toast activationType="protocol" launch="${leads(click)}"><visual><binding template="ToastGeneric">` +
    `<text>${escaped(title)}</text><text>${escaped(body)}</text></binding></visual>${button}</toast>`
  );
}

/** The values that were written and read back, without the power on the way. */
const changesDone = (run: RunRecord): readonly Change[] =>
  stepsOf(run).flatMap(({ step, state }) => (state === 'done' && step.kind !== 'power' ? step.changes : []));

/** One change of what the app is for has words of its own. */
function titleOfChanges(changes: readonly Change[], name: string): Message {
  const nesting = changes.find(({ path }) => path.endsWith('/nesting'));
  if (nesting) return { key: nesting.to === true ? 'tray.nestingOnTitle' : 'tray.nestingOffTitle', params: { name } };
  const [first] = changes;
  if (first?.path.endsWith('/macSpoofing') && changes.every(({ path }) => path.endsWith('/macSpoofing')))
    return { key: first.to === 'On' ? 'tray.spoofingOnTitle' : 'tray.spoofingOffTitle', params: { name } };
  return { key: 'tray.doneTitle', params: { name } };
}

function bodyOfDone(record: RunRecord, count: number, t: Translator): string {
  if (count === 0) return t('tray.doneNothing');
  const time = longestOff(progressOf(record.plan, record.events));
  return time === undefined ? t('tray.doneBody', { count }) : t('tray.doneOff', { count, time });
}
