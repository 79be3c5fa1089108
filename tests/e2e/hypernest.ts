import { expect, type ElectronApplication, type Locator, type Page } from '@playwright/test';
import type { RunRecord } from '../../src/core/run/record.js';
import type { Vm } from '../../src/core/machine/machine.js';
import type { AppState, CallName } from '../../src/ipc/schema.js';
import '../languages.js';
import { translator, type Language } from '../../src/text/index.js';
import { signalShells } from './shells.js';

export type PageName = 'machines' | 'host' | 'activity' | 'errors' | 'learn' | 'settings';

/** As itself in a regular expression. */
export const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** What a failed wait says of the app. */
function told(state: AppState | undefined): string {
  if (!state) return 'without an answer';
  const { connection, machine, runs, running, source } = state;
  const vms = machine?.vms?.map(({ name, state: power, nesting }) => `${name} ${power} ${nesting}`);
  return JSON.stringify({
    source,
    connection,
    vms: vms?.slice(0, 12),
    runs: runs.map(({ outcome }) => outcome),
    running,
  });
}

/** The app as a person meets it: its window by the words of its own dictionary, its facts as its own window is told them. */
export class Hypernest {
  constructor(
    readonly electron: ElectronApplication,
    readonly page: Page,
    public language: Language = 'en',
  ) {}

  get t() {
    return translator(this.language);
  }

  /** What main answers to the window: the same call as the window's own, nothing more. */
  async call(name: CallName | (string & {}), request?: unknown): Promise<unknown> {
    return this.page.evaluate(
      ([call, body]) =>
        (globalThis as unknown as { hypernest: { call(n: string, r: unknown): Promise<unknown> } }).hypernest.call(
          call,
          body,
        ),
      [name, request] as const,
    );
  }

  async state(): Promise<AppState> {
    return (await this.call('state')) as AppState;
  }

  /** Waits until what the app knows is as told, and gives it. */
  async until(what: (state: AppState) => boolean, message: string, timeout = 20_000): Promise<AppState> {
    let state: AppState | undefined;
    const asked = async (): Promise<boolean> => {
      state = await this.state();
      return what(state);
    };
    try {
      await expect.poll(asked, { timeout, message }).toBe(true);
    } catch (error) {
      throw new Error(`never so: ${message}; it is ${told(state)}`, { cause: error });
    }
    if (!state) throw new Error('no state');
    return state;
  }

  /** Waits until the machines have been read, or it is known why they cannot be. */
  ready(): Promise<AppState> {
    return this.until(
      (state) => state.machine !== null && state.connection.kind !== 'starting',
      'the machines were read',
    );
  }

  async vm(name: string): Promise<Vm> {
    const found = (await this.ready()).machine?.vms?.find((vm) => vm.name === name);
    if (!found) throw new Error(`no VM '${name}'`);
    return found;
  }

  /** The newest run, once it has ended. */
  async endedRun(timeout = 40_000): Promise<RunRecord> {
    const state = await this.until(
      ({ runs, running }) => runs.length > 0 && running.length === 0,
      'the run ended',
      timeout,
    );
    const [newest] = [...state.runs]
      .sort((a, b) => (a.events[0]?.time ?? '').localeCompare(b.events[0]?.time ?? ''))
      .reverse();
    if (!newest) throw new Error('no run');
    return newest;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });
  }

  /** A page, in the rail. */
  place(page: PageName): Locator {
    const names = {
      machines: 'app.pageMachines',
      host: 'app.pageHost',
      activity: 'app.pageActivity',
      errors: 'app.pageErrors',
      learn: 'app.pageLearn',
      settings: 'app.pageSettings',
    } as const;
    return this.page
      .getByRole('navigation', { name: this.t('app.navigation') })
      .getByRole('button', { name: new RegExp(`^${escaped(this.t(names[page]))}`) });
  }

  async open(page: PageName): Promise<void> {
    await this.place(page).click();
  }

  /** A place of the guided setup, beside its page. */
  step(name: string): Locator {
    return this.page.locator('aside button', { has: this.page.getByText(name, { exact: true }) });
  }

  option(name: string): Locator {
    return this.page.getByRole('option', { name: new RegExp(`^${escaped(name)}[,，]`) });
  }

  /** Opens a VM from the list. */
  async openVm(name: string): Promise<void> {
    await this.option(name).click();
    await expect(this.page.getByRole('heading', { name, exact: true })).toBeVisible();
  }

  /** Turns to a part of the page of the VM that is open. */
  async turnTo(part: 'machines.partOverview' | 'machines.partGuest' | 'machines.partNetwork' | 'machines.memory') {
    await this.page.getByRole('tab', { name: this.t(part), exact: true }).click();
  }

  /** Opens the page of a VM's memory from the VM's own. */
  async openMemory(name: string): Promise<void> {
    await this.openVm(name);
    await this.turnTo('machines.memory');
    await this.button(this.t('machines.memoryMore')).click();
    await expect(this.page.getByRole('heading', { name: this.t('memory.title', { name }), level: 1 })).toBeVisible();
  }

  /** One click and one confirmation, for a VM that is off and ready. */
  async turnNestingOn(name: string): Promise<void> {
    await this.openVm(name);
    await this.button(this.t('machines.turnOn')).click();
    await this.page
      .getByRole('dialog')
      .getByRole('button', { name: this.t('machines.confirmYes'), exact: true })
      .click();
  }

  /** A person's answers to the dialogs of the system, which nothing in a test can press: the number of the button, for all from now on. */
  async answer(response: number): Promise<void> {
    await this.electron.evaluate(({ dialog }, pressed) => {
      const world = globalThis as unknown as { __asked?: { message: string; buttons: string[] }[] };
      const asked = (world.__asked ??= []);
      const showMessageBox = (...words: { message: string; buttons: string[] }[]) => {
        asked.push(...words.slice(-1));
        return Promise.resolve({ response: pressed });
      };
      Object.assign(dialog, { showMessageBox });
    }, response);
  }

  /** What those dialogs have asked since `answer`. */
  asked(): Promise<readonly { readonly message: string; readonly buttons: readonly string[] }[]> {
    return this.electron.evaluate(() =>
      (globalThis as unknown as { __asked: { message: string; buttons: string[] }[] }).__asked.map(
        ({ message, buttons }) => ({ message, buttons }),
      ),
    );
  }

  windows(): Promise<number> {
    return this.electron.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows().filter((window) => window.isVisible()).length,
    );
  }

  /** Ends each new shell until the app gives up starting others by itself for a while. */
  async loseShell(): Promise<void> {
    const { pid } = this.electron.process();
    await this.until(({ connection }) => {
      signalShells(pid, 'SIGKILL');
      return connection.kind === 'lost' && connection.attempts >= 4;
    }, 'the session is given up');
  }

  /** Quits as from the tray; resolves when the process has gone, and all that it writes at its end is written. */
  async quit(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.electron.process().once('exit', () => resolve()));
    await this.electron.evaluate(({ app }) => app.quit()).catch(() => undefined);
    await ended;
  }

  /** Ends main at once, as a crash or the loss of power would. */
  async killHard(): Promise<void> {
    const child = this.electron.process();
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await ended;
  }
}
