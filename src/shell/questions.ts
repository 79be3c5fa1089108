/**
 * What main asks by itself before it acts for the window: a page that was taken over can ask for anything, but can neither
 * draw these dialogs nor answer them.
 */
import { idOf } from '../core/cmdlets/ref.js';
import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';
import type { Consent } from '../core/machine/goal.js';
import type { Chain, Plan } from '../core/change/step.js';
import { isCall } from '../core/run/step-kinds.js';
import { joined, shown, type Translator } from '../text/index.js';

export interface Question {
  readonly message: string;
  readonly detail: string;
  /** undefined: there is nothing to agree to, it is only said. */
  readonly yes: string | undefined;
}

export type Leaving = 'restart' | 'sign-out';

/** Windows closes the app with all others: not during a run. */
export function leavingQuestion(
  how: Leaving,
  { isBusy, isSimulated }: { readonly isBusy: boolean; readonly isSimulated: boolean },
  t: Translator,
): Question {
  const [message, detail, yes] =
    how === 'restart'
      ? (['rights.restartAsk', 'rights.restartAskText', 'rights.restartYes'] as const)
      : (['rights.signOutAsk', 'rights.signOutAskText', 'rights.signOutYes'] as const);
  if (isBusy) return { message: t(message), detail: t('rights.leavingBusy'), yes: undefined };
  return { message: t(message), detail: t(isSimulated ? 'rights.leavingSimulated' : detail), yes: t(yes) };
}

/** What a plan can take away for good. Shutting down is none of it: the guest is asked, and it runs again afterwards. */
const losses = {
  'turn-off': 'tray.losesWork',
  'drop-saved-state': 'tray.losesState',
  'upgrade-version': 'tray.losesVersion',
} as const satisfies Partial<Record<Consent, string>>;
const isLoss = (consent: Consent): consent is keyof typeof losses => Object.hasOwn(losses, consent);

const losesCheckpoint = ({ steps }: Chain): boolean => steps.some((step) => isCall(step, 'Remove-VMSnapshot'));

/** A list of hundreds is no dialog: the window has it. */
const NAMED = 5;

/** null: nothing is lost, so the window's own review is enough. */
export function startQuestion({ consents, chains }: Plan, t: Translator): Question | null {
  const nameOf = new Map(chains.map(({ vm, name }) => [vm, shown(name)]));
  const lost = [
    ...consents.flatMap(({ consent, vms }) => (isLoss(consent) ? [{ key: losses[consent], vms }] : [])),
    { key: 'tray.losesCheckpoint' as const, vms: chains.filter(losesCheckpoint).map(({ vm }) => vm) },
  ];
  const lines = lost.flatMap(({ key, vms }) => {
    if (vms.length === 0) return [];
    const names = vms.slice(0, NAMED).map((vm) => nameOf.get(vm) ?? shown(idOf(vm)));
    const rest = vms.length - names.length;
    const all = rest > 0 ? [...names, t('tray.losesMore', { count: rest })] : names;
    return [t(key, { names: joined(all, t('tray.losesAnd')) })];
  });
  if (lines.length === 0) return null;
  return { message: t('tray.losesAsk'), detail: lines.join('\n'), yes: t('tray.losesYes') };
}

interface Options {
  readonly window: () => BrowserWindow | undefined;
  readonly t: () => Translator;
  readonly mayOpen: () => boolean;
}

export class Questions {
  #isOpen = false;

  constructor(private readonly options: Options) {}

  /** Whether a person agrees. One at a time: what is asked meanwhile is answered with no. */
  async agreed({ message, detail, yes }: Question): Promise<boolean> {
    if (this.#isOpen || !this.options.mayOpen()) return false;
    const { window, t } = this.options;
    const owner = window();
    const words: MessageBoxOptions = {
      type: 'warning',
      title: t()('app.name'),
      message,
      detail,
      buttons: yes === undefined ? [t()('tray.close')] : [yes, t()('rights.cancel')],
      // Enter must not be enough.
      defaultId: yes === undefined ? 0 : 1,
      cancelId: yes === undefined ? 0 : 1,
      noLink: true,
    };
    this.#isOpen = true;
    try {
      const { response } = await (owner ? dialog.showMessageBox(owner, words) : dialog.showMessageBox(words));
      return yes !== undefined && response === 0;
    } finally {
      this.#isOpen = false;
    }
  }
}
