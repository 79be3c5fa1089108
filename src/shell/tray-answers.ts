/** What a click in the tray or on a toast does, and when a toast is shown. */
import { idOf, thisPc, type HostId, type VmRef } from '../core/cmdlets/ref.js';
import { app } from 'electron';
import type { Goal, RunId } from '../core/machine/goal.js';
import type { RunRecord } from '../core/run/record.js';
import type { AppState } from '../ipc/schema.js';
import type { Translator } from '../text/index.js';
import { showToast } from './notifications.js';
import { QuickRuns } from './quick-runs.js';
import type { SettingsFile } from './settings.js';
import {
  isSaid,
  newerThere,
  notConnected,
  toastOfRun,
  trayHint,
  type Toast,
  type ToastKind,
  type ToastTarget,
} from './toasts.js';
import type { TrayCommand } from './tray-menu.js';
import type { MainWindow } from './windows.js';
import type { OpenHosts } from './open-hosts.js';
import { vmAt } from '../core/machine/tree.js';

interface Options {
  readonly state: () => AppState;
  readonly hosts: Pick<OpenHosts, 'opened' | 'withRun' | 'spans'>;
  readonly window: MainWindow;
  readonly file: SettingsFile;
  readonly t: () => Translator;
  readonly failed: (what: string, error: unknown) => void;
}

export class TrayAnswers {
  readonly #quick: QuickRuns;
  /** Changes of several PCs of which it was said what they came to. */
  readonly #told = new Set<RunId>();

  constructor(private readonly options: Options) {
    const { hosts, t, window } = options;
    this.#quick = new QuickRuns({
      runs: () => hosts.opened.runs,
      t,
      review: (goal) => window.show({ kind: 'wizard', goal }),
      say: (toast) => this.#say(toast, 'answer'),
    });
  }

  obey(command: TrayCommand): void {
    const { hosts, window, failed } = this.options;
    switch (command.kind) {
      case 'show':
        return window.show();
      case 'symptom':
        return window.show({ kind: 'open', page: 'errors', symptom: command.symptom });
      case 'open':
        return window.show({
          kind: 'open',
          page: command.page,
          ...(command.vm ? { vm: command.vm } : {}),
          ...(command.find ? { find: true } : {}),
        });
      case 'connect':
        return void this.#connect(command.vm).catch((error: unknown) => failed('connect', error));
      case 'undo':
        return this.#go(command);
      case 'refresh':
        return void hosts.opened.watcher.refresh().catch((error: unknown) => failed('refresh', error));
      case 'quit':
        return app.quit();
      case 'want': {
        const goal: Goal = {
          kind: 'vms',
          wants: [{ vm: command.vm, want: command.want }],
          consents: [],
        };
        if (command.review) return window.show({ kind: 'wizard', goal });
        const called = { vm: command.vm, name: this.#nameOf(command.vm) };
        this.#quick.apply(goal, called).catch((error: unknown) => failed('tray', error));
      }
    }
  }

  /** What a run came to, where that is news: of several PCs once, when it is over on all of them. */
  ended(record: RunRecord): void {
    if (record.settled || record.undoneBy || this.#told.has(record.span?.id ?? '')) return;
    const toast = toastOfRun(this.options.hosts.spans.whole(record), this.options.t());
    if (!toast) return;
    if (record.span) this.#told.add(record.span.id);
    // History is that of one PC: a click leads to the part that ended last.
    const click = record.span ? ({ kind: 'run', run: record.id } as const) : toast.click;
    this.#say({ ...toast, click }, this.#quick.wasAsked(record.id) ? 'answer' : 'news');
  }

  /** The window was closed and the app goes on: said the first time. */
  hint(): void {
    const { file, t } = this.options;
    if (file.isTrayKnown || !file.settings.notifications) return;
    file.knowTray();
    this.#say(trayHint(t()), 'news');
  }

  newer(version: string): void {
    this.#say(newerThere(version, this.options.t()), 'news');
  }

  #say(toast: Toast, kind: ToastKind): void {
    const { file, window } = this.options;
    const isWanted = file.settings.notifications;
    if (isSaid(kind, { isWanted, isLookedAt: window.isLookedAt })) showToast(toast, (target) => this.#go(target));
  }

  #go(target: ToastTarget): void {
    const { window } = this.options;
    switch (target.kind) {
      case 'settings':
        return window.show({ kind: 'open', page: 'settings' });
      case 'vm':
        return window.show({ kind: 'open', page: 'machines', vm: target.vm });
      case 'run':
        return window.show({ kind: 'open', page: 'activity', run: target.run, ...this.#whose(target.run) });
      case 'undo':
        return window.show({
          kind: 'wizard',
          goal: { kind: 'undo', run: target.run, consents: [] },
          ...this.#whose(target.run),
        });
    }
  }

  #whose(run: RunId): { readonly host?: HostId } {
    const host = this.options.hosts.withRun(run).place.at;
    return host === thisPc ? {} : { host };
  }

  async #connect(vm: VmRef): Promise<void> {
    const { hosts, state, t } = this.options;
    const isOpen = await hosts.opened.place.connect(vm);
    const isSimulated = state().source.kind === 'simulated';
    if (!isOpen) this.#say(notConnected({ vm, name: this.#nameOf(vm) }, isSimulated, t()), 'answer');
  }

  #nameOf(vm: VmRef): string {
    return vmAt(this.options.state().machine, vm)?.name ?? idOf(vm);
  }
}
